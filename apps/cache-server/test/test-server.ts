import { parseConfig } from "@nix-cache/config";
import type { PrivateNix } from "@nix-cache/tooling-parts";
import { pino } from "pino";

import { type Server, startServer } from "../src/server.ts";

/** A server on a port of its own, stopped at the end of its scope. */
export interface TestServer extends Server, AsyncDisposable {
  /** What it logged. */
  readonly events: readonly Record<string, unknown>[];
}

/** Parts of a configuration file, and how long a stop may take. */
export interface TestServerOptions {
  readonly cacheServer?: object;
  readonly builder?: object;
  readonly nix?: object;
  readonly graceMs?: number;
}

/** Starts the server over a store, from a configuration. */
export async function startTestServer(
  { storeDir, stateDir }: Pick<PrivateNix, "storeDir" | "stateDir">,
  { cacheServer = {}, builder, nix = {}, graceMs = 5000 }: TestServerOptions = {},
): Promise<TestServer> {
  const file = { nix: { storeDir, stateDir, ...nix }, ...(builder ? { builder } : {}), cacheServer };
  const config = parseConfig(JSON.stringify(file), { format: "json" });
  const events: Record<string, unknown>[] = [];
  const logger = pino({ base: null }, { write: (line: string) => void events.push(JSON.parse(line)) });
  const target = { type: "tcp", host: "127.0.0.1", port: 0 } as const;
  const server = await startServer(config, { target, logger, now: () => new Date(), graceMs });
  return { ...server, events, [Symbol.asyncDispose]: server.stop };
}
