import { setTimeout } from "node:timers/promises";

import type { GitHttpRequest, GitHttpResponse } from "isomorphic-git";

import { GitSyncError } from "../errors.ts";
import { readAdvertisement } from "./advertisement.ts";
import { startDeadline } from "./deadline.ts";
import type { Deadline, DeadlineOptions } from "./deadline.ts";
import { readFetchResponse } from "./fetch-response.ts";
import { decodePktLines, encodePktLine } from "./pkt-line.ts";
import type { PktLine } from "./pkt-line.ts";
import { toProcessError } from "./process-failure.ts";
import { startProcess } from "./process.ts";
import type { Command, RunningProcess } from "./process.ts";
import { collectBytes, parseTransportRequest, SERVICE_LINE, toHttpResponse } from "./transport.ts";
import type { GitTransport } from "./transport.ts";

/** How long a process whose output has ended may take to end itself, before its exit code is given up. */
const EXIT_GRACE_MS = 2000;

/** How to run upload-pack, and what must last as long as it runs. */
export interface OpenCommand {
  readonly command: Command;
  /** Ends what the command needed; nothing unless given. */
  readonly close?: () => Promise<void>;
}

/** One running upload-pack, from its advertisement to its pack. */
interface Conversation extends OpenCommand {
  readonly process: RunningProcess;
  readonly lines: AsyncGenerator<PktLine>;
  readonly deadline: Deadline;
  readonly advertisement: Uint8Array;
}

/**
 * Creates the transport that ssh and local paths share: isomorphic-git's GET and POST over the stdin and stdout of one
 * upload-pack process, protocol version 0. Nothing reaches isomorphic-git before it is complete and verified.
 *
 * @param open says how to run upload-pack, once per conversation, within the time that the signal gives
 * @param remote what messages call the remote
 * @param options time limit and signal
 */
export function createUploadPackTransport(
  open: (signal: AbortSignal) => Promise<OpenCommand>,
  remote: string,
  options: DeadlineOptions,
): GitTransport {
  let current: Conversation | undefined;
  const close = async (): Promise<void> => {
    const conversation = current;
    current = undefined;
    if (conversation !== undefined) {
      // A flush in place of wants is how a client says that it needs nothing; upload-pack then ends by itself.
      conversation.process.end(encodePktLine({ type: "flush" }));
      await endConversation(conversation);
    }
  };
  const request = async (call: GitHttpRequest): Promise<GitHttpResponse> => {
    const asked = parseTransportRequest(call);
    current ??= await startConversation(open, remote, options);
    const conversation = current;
    if (asked.type === "refs") {
      const bytes = Buffer.concat([SERVICE_LINE, conversation.advertisement]);
      return toHttpResponse(call, "advertisement", bytes);
    }
    current = undefined;
    const body = await collectBytes(asked.body);
    return toHttpResponse(call, "result", await fetchPack(conversation, body, remote));
  };
  return { request, close, [Symbol.asyncDispose]: close };
}

async function startConversation(
  open: (signal: AbortSignal) => Promise<OpenCommand>,
  remote: string,
  options: DeadlineOptions,
): Promise<Conversation> {
  const deadline = startDeadline(options, remote);
  deadline.throwIfExpired();
  const opened = await openWithin(open, deadline);
  const process = startProcess(opened.command, deadline.signal);
  const lines = decodePktLines(process.stdout);
  const conversation = { ...opened, process, lines, deadline };
  try {
    return { ...conversation, advertisement: await readAdvertisement(lines) };
  } catch (error) {
    const explained = await explainFailure(conversation, remote, error);
    await endConversation(conversation);
    throw explained;
  }
}

async function openWithin(
  open: (signal: AbortSignal) => Promise<OpenCommand>,
  deadline: Deadline,
): Promise<OpenCommand> {
  try {
    return await open(deadline.signal);
  } catch (error) {
    deadline.throwIfExpired();
    throw error;
  }
}

async function fetchPack(conversation: Conversation, body: Uint8Array, remote: string): Promise<Uint8Array> {
  try {
    conversation.process.end(body);
    const response = await readFetchResponse(conversation.lines);
    const exit = await conversation.process.exit;
    if (exit.exitCode !== 0) {
      throw toProcessError(remote, conversation.command.file, exit);
    }
    return response;
  } catch (error) {
    throw await explainFailure(conversation, remote, error);
  } finally {
    await endConversation(conversation);
  }
}

/** Where the output just ended, the process's own words say more than the torn output they left. */
async function explainFailure(
  { command, process, deadline }: Omit<Conversation, "advertisement">,
  remote: string,
  error: unknown,
): Promise<unknown> {
  const isEnded = process.isOutputEnded();
  if (isEnded && !deadline.signal.aborted) {
    await Promise.race([process.exit, setTimeout(EXIT_GRACE_MS, undefined, { ref: false })]);
  }
  await process.kill();
  deadline.throwIfExpired();
  const exit = await process.exit;
  if (!(error instanceof GitSyncError) || error.code !== "ERR_GITSYNC_PROTOCOL") {
    return error;
  }
  const explained = toProcessError(remote, command.file, exit, error);
  // Killed before it had ended, ssh fails too, and has no reason of its own to tell. And sshd may tell that all is well
  // before the last of the output, so that a connection which is lost in between ends with exit code 0.
  const hasFailed = exit.exitCode !== 0 || explained.code === "ERR_GITSYNC_NETWORK";
  const hasReason = exit.startError !== undefined || (isEnded && hasFailed && exit.stderr !== "");
  return hasReason ? explained : error;
}

async function endConversation(conversation: Omit<Conversation, "advertisement">): Promise<void> {
  await conversation.lines.return(undefined);
  await conversation.process.kill();
  await conversation.close?.();
}
