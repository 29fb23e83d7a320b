import { request as requestHttp } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";

import { GitSyncError } from "../errors.ts";

/** As git's http.maxRedirects and curl's own bound. */
const MAX_REDIRECTS = 20;

/** One request. */
export interface HttpRequest {
  readonly url: string;
  /** GET without a body, POST with one. */
  readonly body?: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** Credentials, and the only origin that they go to. */
  readonly authorization?: { readonly origin: string; readonly value: string };
  readonly signal: AbortSignal;
}

/** An answer whose body has not been read yet. */
export interface HttpAnswer {
  /** Where the answer came from, after redirects. */
  readonly url: string;
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: IncomingMessage;
}

/**
 * Sends a request, and follows the redirects of one without a body, as git does. Credentials stay at their origin, and
 * nothing that began with https goes on without it.
 *
 * @throws GitSyncError ERR_GITSYNC_REPOSITORY for redirects that lead nowhere; what node throws for a broken connection
 */
export async function sendHttpRequest(request: HttpRequest): Promise<HttpAnswer> {
  let { url } = request;
  for (let count = 0; count <= MAX_REDIRECTS; count += 1) {
    const answer = await sendOnce({ ...request, url });
    const location = toRedirect(answer);
    if (location === undefined) {
      return answer;
    }
    answer.body.destroy();
    if (request.body !== undefined) {
      throw redirectError("none for what was posted");
    }
    url = resolveRedirect(url, location);
  }
  throw redirectError(`more than ${MAX_REDIRECTS}`);
}

async function sendOnce(request: HttpRequest): Promise<HttpAnswer> {
  const { authorization, body, signal, url } = request;
  const { origin, protocol } = new URL(url);
  const headers = {
    ...request.headers,
    ...(body === undefined ? {} : { "content-length": String(body.length) }),
    ...(authorization?.origin === origin ? { authorization: authorization.value } : {}),
  };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const send = protocol === "https:" ? requestHttps : requestHttp;
  // A connection of its own: none is left open when the sync is done.
  const options = { method: body === undefined ? "GET" : "POST", headers, signal, agent: false };
  send(url, options, resolve).on("error", reject).end(body);
  const message = await promise;
  return { url, statusCode: message.statusCode ?? 0, headers: message.headers, body: message };
}

function toRedirect({ headers, statusCode }: HttpAnswer): string | undefined {
  return [301, 302, 303, 307, 308].includes(statusCode) ? headers.location : undefined;
}

function resolveRedirect(from: string, location: string): string {
  const url = URL.parse(location, from);
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    throw redirectError("one to an address of another kind");
  }
  if (url.protocol === "http:" && from.startsWith("https:")) {
    throw redirectError("one from https to http");
  }
  // Whoever redirects does not say who we are.
  url.username = "";
  url.password = "";
  return url.href;
}

function redirectError(found: string): GitSyncError {
  return new GitSyncError(
    "ERR_GITSYNC_REPOSITORY",
    `expected redirects that lead to a git server, got ${found}: check the address`,
  );
}
