import type { GitHttpRequest, GitHttpResponse } from "isomorphic-git";

import { errnoOf, GitSyncError, messageOf } from "../errors.ts";
import { readAdvertisement } from "./advertisement.ts";
import { startDeadline } from "./deadline.ts";
import type { Deadline, DeadlineOptions } from "./deadline.ts";
import { readFetchResponse } from "./fetch-response.ts";
import { readPassword } from "./http-credentials.ts";
import type { HttpRemote } from "./http-credentials.ts";
import { sendHttpRequest } from "./http-request.ts";
import type { HttpAnswer, HttpRequest } from "./http-request.ts";
import { toStatusError } from "./http-status.ts";
import { decodePktLines } from "./pkt-line.ts";
import type { PktLine } from "./pkt-line.ts";
import { collectBytes, parseTransportRequest, SERVICE_LINE, toHttpResponse } from "./transport.ts";
import type { GitTransport } from "./transport.ts";

/** What a smart server adds to the address of a repository. */
const REFS_SUFFIX = "/info/refs?service=git-upload-pack";

/** The announcement of {@link SERVICE_LINE}, without length and flush. */
const SERVICE = "# service=git-upload-pack\n";

/** What is known once the server has answered. */
interface Conversation {
  /** Address of the repository, after redirects. */
  readonly base: string;
  readonly advertisement: Uint8Array;
}

/**
 * Creates an http plugin that verifies what comes back, as the other transports do: isomorphic-git by itself takes a cut
 * or broken pack for a whole one, has no time limit, and follows redirects with the credentials.
 *
 * @param remote address and credentials
 * @param options time limit and signal
 */
export function createHttpTransport(remote: HttpRemote, options: DeadlineOptions): GitTransport {
  let deadline: Deadline | undefined;
  let conversation: Conversation | undefined;
  const close = async (): Promise<void> => {
    deadline = undefined;
    conversation = undefined;
  };
  const request = async (call: GitHttpRequest): Promise<GitHttpResponse> => {
    const asked = parseTransportRequest(call);
    const limit = deadline ?? startDeadline(options, remote.url);
    deadline = limit;
    try {
      conversation ??= await askForRefs(remote, limit.signal);
      if (asked.type === "refs") {
        return toHttpResponse(call, "advertisement", conversation.advertisement);
      }
      const { base } = conversation;
      const body = await collectBytes(asked.body);
      await close();
      return toHttpResponse(call, "result", await askForPack({ ...remote, url: base }, body, limit.signal));
    } catch (error) {
      limit.throwIfExpired();
      throw toNetworkError(error, remote.url);
    }
  };
  return { request, close, [Symbol.asyncDispose]: close };
}

async function askForRefs(remote: HttpRemote, signal: AbortSignal): Promise<Conversation> {
  const answer = await send(remote, { url: `${remote.url}${REFS_SUFFIX}`, headers: {}, signal });
  if (!answer.url.endsWith(REFS_SUFFIX)) {
    throw notGitError();
  }
  const lines = decodePktLines(answer.body);
  await readAnnouncement(lines);
  const advertisement = Buffer.concat([SERVICE_LINE, await readAdvertisement(lines)]);
  answer.body.destroy();
  return { base: answer.url.slice(0, -REFS_SUFFIX.length), advertisement };
}

async function askForPack(remote: HttpRemote, body: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
  const headers = {
    "content-type": "application/x-git-upload-pack-request",
    accept: "application/x-git-upload-pack-result",
  };
  const answer = await send(remote, { url: `${remote.url}/git-upload-pack`, body, headers, signal });
  return readFetchResponse(decodePktLines(answer.body));
}

async function send(remote: HttpRemote, request: HttpRequest): Promise<HttpAnswer> {
  const { credentials, origin, url } = remote;
  const answer = await sendHttpRequest({
    ...request,
    // Some forges show their web page to whoever does not say so.
    headers: { "user-agent": "git/gitsync", ...request.headers },
    ...(credentials === undefined
      ? {}
      : {
          authorization: { origin, value: formatBasic(credentials.user, await readPassword(credentials)) },
        }),
  });
  if (answer.statusCode !== 200) {
    answer.body.destroy();
    throw toStatusError(answer.statusCode, url);
  }
  return answer;
}

function formatBasic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

/** A smart server says that it is one, and nothing else does. */
async function readAnnouncement(lines: AsyncIterator<PktLine>): Promise<void> {
  let first: PktLine | undefined;
  try {
    first = (await lines.next()).value;
  } catch (error) {
    throw error instanceof GitSyncError ? notGitError() : error;
  }
  if (first?.type !== "data" || Buffer.from(first.payload).toString("latin1") !== SERVICE) {
    throw notGitError();
  }
  // The flush after it.
  await lines.next();
}

function notGitError(): GitSyncError {
  return new GitSyncError(
    "ERR_GITSYNC_REPOSITORY",
    "expected the answer of a git server, got something else: check the address",
  );
}

function toNetworkError(error: unknown, remote: string): unknown {
  if (error instanceof GitSyncError) {
    return error;
  }
  return new GitSyncError(
    "ERR_GITSYNC_NETWORK",
    `expected an answer from ${remote}, got ${errnoOf(error) ?? "an error"} (${messageOf(error)}): check the address and the network`,
    { cause: error },
  );
}
