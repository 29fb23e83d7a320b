import { statSync } from "node:fs";

import type { Config } from "@nix-cache/config";
import { openStoreDb, type StoreDb, StoreDbError } from "@nix-cache/store-db";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";

import { createAllowList } from "./allow.ts";
import { createApp } from "./app.ts";
import { listen, type ListenTarget } from "./listen.ts";
import { createLookUp } from "./look-up.ts";
import { createPublished, type IsPublished } from "./published.ts";
import { readSigningKeys } from "./signer.ts";
import { StartError } from "./start-error.ts";

/** What the server takes from the world, the configuration apart. */
export interface ServerDeps {
  readonly target: ListenTarget;
  readonly logger: Logger;
  readonly now: () => Date;
  /** How long downloads may still run after a stop, in ms. */
  readonly graceMs?: number;
}

/** A running server. */
export interface Server {
  /** `http://address:port`, or the path of a unix socket. */
  readonly address: string;
  /** Stops listening, lets downloads end, and closes everything. Calling it again waits for the same end. */
  readonly stop: () => Promise<void>;
}

/** Well below the 90 s after which systemd kills (DefaultTimeoutStopSec). */
const GRACE_MS = 30_000;

/** How often connections that have become idle are closed during a stop. */
const REAP_INTERVAL_MS = 100;

/**
 * Starts to serve.
 *
 * @throws {StartError} when a key, the store, its database, what is published or the address cannot be used
 */
export async function startServer(config: Config, deps: ServerDeps): Promise<Server> {
  const { nix, cacheServer } = config;
  const { target, logger, now, graceMs = GRACE_MS } = deps;
  const keys = readSigningKeys(cacheServer.signingKeyFiles);
  requireDirectory(nix.realStoreDir);
  const storeDb = openDatabase(config);
  try {
    const app = createApp({
      storeDir: nix.storeDir,
      realStoreDir: nix.realStoreDir,
      priority: cacheServer.priority,
      keys,
      isAllowed: createAllowList(cacheServer.allow),
      lookUp: createLookUp(storeDb, createServed(config, storeDb, now)),
      logger,
    });
    const address = await listen(app, target);
    const publicKeys = keys.map((key) => key.publicKey);
    logger.info({ address, serve: cacheServer.serve, publicKeys }, "listening");
    if (keys.length === 0) logger.warn("no signing key: only stored signatures are served");
    let stopped: Promise<void> | undefined;
    return { address, stop: () => (stopped ??= stopApp(app, graceMs).finally(storeDb.close)) };
  } catch (error) {
    storeDb.close();
    throw error;
  }
}

function requireDirectory(directory: string): void {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new StartError(`there is no store at ${directory}: check nix.storeDir and nix.realStoreDir`);
}

function openDatabase({ nix }: Config): StoreDb {
  try {
    return openStoreDb(nix);
  } catch (cause) {
    if (!(cause instanceof StoreDbError)) throw cause;
    throw new StartError(`the store database cannot be used: ${cause.message} (nix.stateDir)`, { cause });
  }
}

function createServed({ nix, builder, cacheServer }: Config, storeDb: StoreDb, now: () => Date): IsPublished {
  if (cacheServer.serve === "store" || builder === undefined) return () => true;
  // The builder publishes below the second while it cannot write below the first.
  const rootsDirs = [builder.rootsDir, builder.fallbackRootsDir];
  const isPublished = createPublished({ rootsDirs, storeDir: nix.storeDir, storeDb, now });
  try {
    isPublished(nix.storeDir);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const advice = 'let this user read it, or set cacheServer.serve to "store"';
    throw new StartError(`what is published cannot be read (${reason}): ${advice}`, { cause });
  }
  return isPublished;
}

async function stopApp(app: FastifyInstance, graceMs: number): Promise<void> {
  const { server } = app;
  // A connection whose download ended would otherwise be kept for its next request.
  const reaper = setInterval(() => server.closeIdleConnections(), REAP_INTERVAL_MS);
  const deadline = setTimeout(() => server.closeAllConnections(), graceMs);
  try {
    await app.close();
  } finally {
    clearInterval(reaper);
    clearTimeout(deadline);
  }
}
