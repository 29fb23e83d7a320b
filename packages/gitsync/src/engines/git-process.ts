import { setTimeout } from "node:timers/promises";

import { GitSyncError } from "../errors.ts";
import { startDeadline } from "../transport/deadline.ts";
import type { DeadlineOptions } from "../transport/deadline.ts";
import { startProcess } from "../transport/process.ts";
import type { Command, Environment, ProcessExit } from "../transport/process.ts";
import { toGitError } from "./git-failure.ts";

/** Bound on output that is kept whole: about half a million refs or a million object names. */
const MAX_OUTPUT_BYTES = 64 * 2 ** 20;

/** How long git may take to end after its output has, before what it left behind is ended. */
const EXIT_GRACE_MS = 2000;

/** No file of the user's or the system's says what git does here, and it asks nobody. */
const ENVIRONMENT: readonly string[] = [
  "GIT_CONFIG_NOSYSTEM=1",
  "GIT_CONFIG_GLOBAL=/dev/null",
  "GIT_ATTR_NOSYSTEM=1",
  "GIT_TERMINAL_PROMPT=0",
  "GIT_OPTIONAL_LOCKS=0",
  "GIT_NO_REPLACE_OBJECTS=1",
  // The one that a submodule's configuration names may be missing.
  "GIT_WORK_TREE=/",
];

/** What the repository's own configuration must not change either. */
const SETTINGS: readonly string[] = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.askPass=",
  // Caches that may be damaged; they only say faster what objects and packs say.
  "core.commitGraph=false",
  "core.multiPackIndex=false",
  "core.warnAmbiguousRefs=false",
  // A repository whose objects are borrowed would be asked for its refs. The # makes git leave this to a shell.
  "core.alternateRefsCommand=: #",
  "credential.helper=",
  // The caller named these directories, whoever owns them.
  "safe.directory=*",
  "gc.auto=0",
  "maintenance.auto=false",
  "submodule.recurse=false",
  "pack.writeReverseIndex=false",
  "repack.writeBitmaps=false",
  // Everything arrives as a pack, however small.
  "fetch.unpackLimit=1",
  "transfer.unpackLimit=1",
  "protocol.allow=never",
];

/** One call of git. */
export interface GitCall extends DeadlineOptions {
  /** What messages call the repository. */
  readonly remote: string;
  /** The .git directory. */
  readonly gitDir: string;
  /** Command and its arguments. */
  readonly args: readonly string[];
  /** Settings as NAME=VALUE. */
  readonly settings?: readonly string[];
  /** Standard input. */
  readonly input?: string | Uint8Array;
  /** Variables as NAME=VALUE, GIT_* too, which count before those of the environment. */
  readonly variables?: readonly string[];
  /** Environment, GIT_* apart, which is dropped. */
  readonly env?: Environment;
}

/** What a call of git printed. */
export interface GitOutput {
  readonly stdout: string;
  /** Its last lines. */
  readonly stderr: string;
}

/**
 * Runs git to its end.
 *
 * @throws GitSyncError with the code of what git complains of; ERR_GITSYNC_TIMEOUT; the signal's reason
 */
export async function runGit(call: GitCall): Promise<GitOutput> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const output = streamGit(call);
  for (;;) {
    const next = await output.next();
    if (next.done === true) {
      return { stdout: Buffer.concat(chunks).toString("latin1"), stderr: next.value.stderr };
    }
    size += next.value.length;
    if (size > MAX_OUTPUT_BYTES) {
      await output.return({ stderr: "" });
      throw new GitSyncError(
        "ERR_GITSYNC_PROTOCOL",
        `expected at most ${MAX_OUTPUT_BYTES} bytes from git for ${call.remote}, got more`,
      );
    }
    chunks.push(next.value);
  }
}

/**
 * Runs git and hands on what it prints; whoever stops listening ends it.
 *
 * @returns how git ended, which is with exit code 0
 * @throws GitSyncError as {@link runGit}
 */
export async function* streamGit(call: GitCall): AsyncGenerator<Uint8Array, ProcessExit> {
  const deadline = startDeadline(call, call.remote);
  deadline.throwIfExpired();
  const process = startProcess(toCommand(call), deadline.signal);
  try {
    process.end(Buffer.from(call.input ?? ""));
    try {
      yield* process.stdout;
    } catch (error) {
      // Ended from outside; its exit tells more.
      deadline.throwIfExpired();
      throw error;
    }
    // What git started and left behind may hold its stderr open.
    await Promise.race([process.exit, setTimeout(EXIT_GRACE_MS, undefined, { ref: false })]);
    await process.kill();
    const exit = await process.exit;
    deadline.throwIfExpired();
    if (exit.exitCode !== 0) {
      throw toGitError(call.remote, exit);
    }
    return exit;
  } finally {
    await process.kill();
  }
}

/** env(1) sets the variables that {@link startProcess} drops when a caller has them. */
function toCommand({ gitDir, args, settings = [], variables = [], env = {} }: GitCall): Command {
  const all = [...SETTINGS, ...settings].flatMap((setting) => ["-c", setting]);
  return {
    file: "env",
    args: [...ENVIRONMENT, ...variables, "git", `--git-dir=${gitDir}`, ...all, ...args],
    env,
  };
}
