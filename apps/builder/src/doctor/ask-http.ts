import http from "node:http";
import https from "node:https";
import process from "node:process";

/** Longest answer that is read, in bytes: a narinfo with thousands of references. */
const MAX_BODY_BYTES = 1024 * 1024;

const DEFAULT_TIMEOUT_MS = 10_000;

/** Options of {@link askHttp}. */
export interface AskHttpOptions {
  readonly signal: AbortSignal;
  readonly method?: "GET" | "HEAD";
  /** A unix socket to ask in place of the address's host and port. */
  readonly socketPath?: string;
  /** Whether the proxies that the environment names are in between; false unless given. */
  readonly isProxied?: boolean;
}

/** What a server answered. */
export interface HttpAnswer {
  readonly type: "answer";
  readonly status: number;
  readonly body: string;
  /** What the server's clock said. */
  readonly date?: Date;
}

/** Why there was no answer, such as `ECONNREFUSED`; `TIMEOUT` where none came in time. */
export interface NoAnswer {
  readonly type: "none";
  readonly reason: string;
}

/** Asks an http server once, and follows nothing. */
export async function askHttp(url: string, options: AskHttpOptions): Promise<HttpAnswer | NoAnswer> {
  const { isProxied = false, method = "GET", signal, socketPath } = options;
  const timeout = AbortSignal.timeout(DEFAULT_TIMEOUT_MS);
  const client = url.startsWith("https:") ? https : http;
  const agent = new client.Agent({ keepAlive: false, ...(isProxied ? { proxyEnv: process.env } : {}) });
  const { promise, reject, resolve } = Promise.withResolvers<http.IncomingMessage>();
  const request = client.request(
    url,
    {
      agent,
      method,
      signal: AbortSignal.any([signal, timeout]),
      ...(socketPath === undefined ? {} : { socketPath }),
    },
    resolve,
  );
  request.on("error", reject).end();
  try {
    return await readAnswer(await promise);
  } catch (error) {
    signal.throwIfAborted();
    return { type: "none", reason: timeout.aborted ? "TIMEOUT" : codeOf(error) };
  } finally {
    agent.destroy();
  }
}

async function readAnswer(response: http.IncomingMessage): Promise<HttpAnswer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response) {
    if (!(chunk instanceof Uint8Array)) continue;
    chunks.push(chunk);
    length += chunk.length;
    // Leaving the loop closes the connection.
    if (length > MAX_BODY_BYTES) break;
  }
  const date = new Date(response.headers.date ?? "");
  return {
    type: "answer",
    status: response.statusCode ?? 0,
    body: Buffer.concat(chunks).toString("utf8"),
    ...(Number.isNaN(date.getTime()) ? {} : { date }),
  };
}

function codeOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return error instanceof Error ? error.message : String(error);
}
