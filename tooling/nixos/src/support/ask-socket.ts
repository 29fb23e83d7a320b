import { request } from "node:http";
import { text } from "node:stream/consumers";

/** Asks an HTTP server on a unix socket, and gives the body of what it answers. */
export async function askSocket(socketPath: string, path: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  request({ socketPath, path }, (response) => resolve(text(response)))
    .on("error", reject)
    .end();
  return promise;
}
