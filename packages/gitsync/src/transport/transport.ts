import type { GitHttpRequest, GitHttpResponse, HttpClient } from "isomorphic-git";

import { GitSyncError } from "../errors.ts";

/** An http plugin for isomorphic-git that reaches a repository in its own way, whatever URL it is called with. */
export interface GitTransport extends HttpClient, AsyncDisposable {
  /** Ends the conversation and what it holds open; a later request starts a new one. */
  close(): Promise<void>;
}

/** URL to hand to isomorphic-git beside a transport of ours: it insists on http, and the transport ignores it. */
export const PLACEHOLDER_URL = "http://transport.invalid/repository";

/** What isomorphic-git asks of its http plugin: the refs (GET) or a pack (POST). */
export type TransportRequest =
  | { readonly type: "refs" }
  | { readonly type: "pack"; readonly body: AsyncIterable<Uint8Array> | Iterable<Uint8Array> };

/**
 * Tells the two requests of a fetch apart.
 *
 * @throws GitSyncError ERR_GITSYNC_PROTOCOL for a push, which these transports do not speak
 */
export function parseTransportRequest(request: GitHttpRequest): TransportRequest {
  if (request.url.endsWith("/info/refs?service=git-upload-pack")) {
    return { type: "refs" };
  }
  if (request.method === "POST" && request.url.endsWith("/git-upload-pack")) {
    return { type: "pack", body: request.body ?? [] };
  }
  throw new GitSyncError("ERR_GITSYNC_PROTOCOL", "expected a fetch, got a push: this transport only fetches");
}

/** Shapes bytes into the answer that isomorphic-git expects of its http plugin. */
export function toHttpResponse(
  request: GitHttpRequest,
  kind: "advertisement" | "result",
  bytes: Uint8Array,
): GitHttpResponse {
  return {
    url: request.url,
    method: request.method ?? "GET",
    headers: { "content-type": `application/x-git-upload-pack-${kind}` },
    body: toBody(bytes),
    statusCode: 200,
    statusMessage: "OK",
  };
}

/** The line with which a smart HTTP server announces its advertisement. */
export const SERVICE_LINE: Uint8Array = Buffer.from("001e# service=git-upload-pack\n0000");

/** Joins a body that arrives in pieces. */
export async function collectBytes(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<Uint8Array> {
  const collected: Uint8Array[] = [];
  for await (const chunk of chunks) {
    collected.push(chunk);
  }
  return Buffer.concat(collected);
}

async function* toBody(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
