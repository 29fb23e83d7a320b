import { once } from "node:events";
import { createServer } from "node:net";

import type { CacheServerConfig } from "@nix-cache/config";

import { StartError } from "./start-error.ts";

/**
 * Finds out before hours of building whether the server will be able to listen.
 *
 * @throws {StartError} when another program has the port, or the address is not this machine's
 */
export async function requireFreePort({ host, port }: CacheServerConfig): Promise<void> {
  if (host.startsWith("unix:") || process.env["LISTEN_FDS"] !== undefined) return;
  if (port === 0)
    throw new StartError("cacheServer.port is 0: clients need one that stays, such as 5000", 78);
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (cause) {
    throw new StartError(explain(cause, `${host} port ${port}`), 1, { cause });
  } finally {
    server.close();
  }
}

function explain(cause: unknown, address: string): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  switch (code) {
    case "EADDRINUSE":
      return `${address} is taken by another program: stop that one, or set cacheServer.port in a configuration of your own`;
    case "EACCES":
      return `this user may not listen on ${address}: set cacheServer.port to 1024 or more`;
    case "EADDRNOTAVAIL":
      return `this machine does not have the address of ${address}: set cacheServer.host to one that it has`;
    default:
      return `cannot listen on ${address}: ${String(cause)}`;
  }
}
