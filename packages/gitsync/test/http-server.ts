import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { join } from "node:path";

import { onTestFinished } from "vitest";

const FIXTURES = join(import.meta.dirname, "fixtures/tls");

/** The authority that vouches for the servers of {@link startTlsServer}, and that nobody trusts by himself. */
export const AUTHORITY_FILE: string = join(FIXTURES, "ca.pem");

/** Serves requests on a loopback port until the test is over, and returns the address. */
export async function startServer(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(listener))}`;
}

/** {@link startServer} over https. */
export async function startTlsServer(listener: RequestListener): Promise<string> {
  const [cert, key] = ["server.pem", "server-key.pem"].map((name) => readFileSync(join(FIXTURES, name)));
  return `https://127.0.0.1:${await listen(createTlsServer({ cert, key }, listener))}`;
}

/** A listener that never answers. */
export function ignoreRequest(_request: IncomingMessage, _response: ServerResponse): void {
  // The client must give up by itself.
}

/** @returns the port */
async function listen(server: Server): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
