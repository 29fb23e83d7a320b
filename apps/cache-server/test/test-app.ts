import { openStoreDb } from "@nix-cache/store-db";
import type { PrivateNix } from "@nix-cache/tooling-parts";
import type { FastifyInstance } from "fastify";
import { pino } from "pino";

import { createAllowList } from "../src/allow.ts";
import { type AppDeps, createApp } from "../src/app.ts";
import { createLookUp } from "../src/look-up.ts";

/** Makes the application over a store, for loopback clients and without keys unless told otherwise. */
export function makeTestApp(nix: PrivateNix, changes: Partial<AppDeps> = {}): FastifyInstance {
  const storeDb = openStoreDb(nix);
  const app = createApp({
    storeDir: nix.storeDir,
    realStoreDir: nix.storeDir,
    priority: 40,
    keys: [],
    isAllowed: createAllowList(["127.0.0.0/8"]),
    lookUp: createLookUp(storeDb, () => true),
    logger: pino({ enabled: false }),
    ...changes,
  });
  app.addHook("onClose", async () => storeDb.close());
  return app;
}
