import type { Signer } from "@nix-cache/narinfo";
import type { FastifyPluginAsync } from "fastify";

import type { LookUp } from "../look-up.ts";
import { formatNarInfoFor } from "../narinfo-for.ts";
import { replyNotFound } from "../not-found.ts";

/** What narinfos are made of. */
export interface NarinfoOptions {
  readonly storeDir: string;
  readonly keys: readonly Signer[];
  readonly lookUp: LookUp;
}

/** `GET /<hash part>.narinfo`: what a client needs to know of a store path before it downloads it. */
export const narinfo: FastifyPluginAsync<NarinfoOptions> = async (app, { storeDir, keys, lookUp }) => {
  app.get<{ Params: { hashPart: string } }>("/:hashPart.narinfo", async (request, reply) => {
    const info = lookUp(request.params.hashPart);
    if (info === undefined) return replyNotFound(reply);
    return reply.type("text/x-nix-narinfo").send(formatNarInfoFor(info, storeDir, keys));
  });
};
