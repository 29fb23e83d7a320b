import { createServer } from "node:http";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";

import { onTestFinished } from "vitest";

/** Serves requests on a loopback port until the test is over, and returns the address. */
export async function startServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

/** A listener that never answers. */
export function ignoreRequest(_request: IncomingMessage, _response: ServerResponse): void {
  // The client must give up by itself.
}
