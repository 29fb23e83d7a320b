import { existsSync } from "node:fs";
import process from "node:process";
import { createInterface } from "node:readline";

import {
  GitSyncError,
  type GitSyncErrorCode,
  syncRepository,
  type SyncRepositoryOptions,
} from "@nix-cache/gitsync";
import { execa } from "execa";

import { SYNC_WORKER } from "../commands/sync-worker.ts";
import { reasonOf } from "../reason.ts";
import type { Revision } from "./revision.ts";

/** Longest time a sync may take; a first clone over a slow line is the longest. */
const SYNC_TIMEOUT_MS = 60 * 60 * 1000;

/** What the worker is told, as one line of JSON. */
export interface SyncRequest extends Omit<SyncRepositoryOptions, "env" | "signal"> {
  /** Private key for ssh; used only if present. */
  readonly keyFile: string;
}

/** What the worker answers, as JSON. */
type SyncReply =
  | { readonly type: "synced"; readonly revision: string; readonly commitTimeMs: number }
  | { readonly type: "failed"; readonly code: GitSyncErrorCode; readonly message: string }
  | { readonly type: "crashed"; readonly message: string };

/**
 * Syncs in a process of its own: indexing a pack blocks the event loop for seconds and keeps its memory.
 *
 * @throws {@link GitSyncError} as syncRepository; the signal's reason when aborted
 */
export async function runSyncWorker(request: SyncRequest, signal: AbortSignal): Promise<Revision> {
  const [script = ""] = process.argv.slice(1);
  const worker = execa(process.execPath, [...process.execArgv, script, SYNC_WORKER], {
    stdin: "pipe",
    timeout: SYNC_TIMEOUT_MS,
    cancelSignal: signal,
    reject: false,
  });
  // Its input stays open until it has answered: a worker whose parent was killed sees the end and stops.
  worker.stdin.write(`${JSON.stringify(request)}\n`);
  const { exitCode, stdout, timedOut } = await worker;
  signal.throwIfAborted();
  if (timedOut)
    throw new GitSyncError("ERR_GITSYNC_TIMEOUT", `the sync did not end within ${SYNC_TIMEOUT_MS} ms`);
  if (exitCode !== 0) throw new Error(`the sync ended unexpectedly, with exit code ${exitCode}`);
  return readReply(JSON.parse(stdout));
}

function readReply(reply: SyncReply): Revision {
  if (reply.type === "failed") throw new GitSyncError(reply.code, reply.message);
  if (reply.type === "crashed") throw new Error(`the sync ended unexpectedly: ${reply.message}`);
  return { revision: reply.revision, commitTime: new Date(reply.commitTimeMs) };
}

/**
 * The worker's side: reads the request from standard input, answers on standard output.
 *
 * @param stopped aborted when a signal ends this process
 */
export async function serveSyncRequest(stopped: AbortSignal): Promise<void> {
  const lines = createInterface({ input: process.stdin });
  const orphaned = new AbortController();
  for await (const line of lines) {
    // Aborted rather than left: git and ssh are processes of their own.
    lines.once("close", () => orphaned.abort());
    const signal = AbortSignal.any([stopped, orphaned.signal]);
    const reply = await sync(JSON.parse(line), signal);
    process.stdout.write(JSON.stringify(reply), () => process.exit(signal.aborted ? 1 : 0));
  }
}

async function sync({ keyFile, ...request }: SyncRequest, signal: AbortSignal): Promise<SyncReply> {
  try {
    const { commitTime, revision } = await syncRepository({
      ...request,
      env: process.env,
      signal,
      ssh: { ...request.ssh, ...(existsSync(keyFile) ? { keyFile } : {}) },
    });
    return { type: "synced", revision, commitTimeMs: commitTime.getTime() };
  } catch (error) {
    if (!(error instanceof GitSyncError)) return { type: "crashed", message: reasonOf(error) };
    return { type: "failed", code: error.code, message: error.message };
  }
}
