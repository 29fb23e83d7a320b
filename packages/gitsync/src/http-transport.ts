import type { GitHttpRequest, GitHttpResponse } from "isomorphic-git";
import * as http from "isomorphic-git/http/node";

import { readAdvertisement } from "./advertisement.ts";
import { startDeadline } from "./deadline.ts";
import type { Deadline, DeadlineOptions } from "./deadline.ts";
import { errnoOf, GitSyncError, messageOf } from "./errors.ts";
import { readFetchResponse } from "./fetch-response.ts";
import { decodePktLines } from "./pkt-line.ts";
import { hideCredentials } from "./remote-url.ts";
import { collectBytes, parseTransportRequest, SERVICE_LINE, toHttpResponse } from "./transport.ts";
import type { GitTransport } from "./transport.ts";

/**
 * Creates an http plugin that asks by isomorphic-git's own http client and verifies what comes back, as the other
 * transports do: isomorphic-git by itself takes a cut or broken pack for a whole one, and has no time limit.
 *
 * @param url the repository, for messages
 * @param options time limit and signal
 */
export function createHttpTransport(url: string, options: DeadlineOptions): GitTransport {
  const remote = hideCredentials(url);
  let deadline: Deadline | undefined;
  let advertisement: Uint8Array | undefined;
  const close = async (): Promise<void> => {
    deadline = undefined;
    advertisement = undefined;
  };
  const request = async (call: GitHttpRequest): Promise<GitHttpResponse> => {
    const asked = parseTransportRequest(call);
    deadline ??= startDeadline(options, remote);
    try {
      if (asked.type === "refs" && advertisement !== undefined) {
        return toHttpResponse(call, "advertisement", advertisement);
      }
      const response = await http.request({ ...call, signal: deadline.signal });
      if (response.statusCode !== 200) {
        return response;
      }
      const body = await collectBytes(response.body ?? []);
      if (asked.type === "pack") {
        await close();
        return toHttpResponse(call, "result", await readFetchResponse(decodePktLines(toChunks(body))));
      }
      advertisement = await mendAdvertisement(body);
      return toHttpResponse(call, "advertisement", advertisement);
    } catch (error) {
      deadline?.throwIfExpired();
      throw toNetworkError(error, remote);
    }
  };
  return { request, close, [Symbol.asyncDispose]: close };
}

async function mendAdvertisement(body: Uint8Array): Promise<Uint8Array> {
  if (!Buffer.from(body.subarray(0, SERVICE_LINE.length)).equals(SERVICE_LINE)) {
    throw new GitSyncError(
      "ERR_GITSYNC_REPOSITORY",
      "expected the answer of a git server, got something else: check the address",
    );
  }
  const lines = decodePktLines(toChunks(body.subarray(SERVICE_LINE.length)));
  return Buffer.concat([SERVICE_LINE, await readAdvertisement(lines)]);
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

async function* toChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
