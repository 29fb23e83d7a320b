import type { Signer } from "@nix-cache/narinfo";
import type { PathInfo } from "@nix-cache/store-db";
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

/** Answers that are remembered, about 1 kB each: the closures of a few hosts. */
const MAX_REMEMBERED = 10_000;

/** `GET /<hash part>.narinfo`: what a client needs to know of a store path before it downloads it. */
export const narinfo: FastifyPluginAsync<NarinfoOptions> = async (app, { storeDir, keys, lookUp }) => {
  const format = remember((info: PathInfo) => formatNarInfoFor(info, storeDir, keys));
  app.get<{ Params: { hashPart: string } }>("/:hashPart.narinfo", async (request, reply) => {
    const info = lookUp(request.params.hashPart);
    if (info === undefined) return replyNotFound(reply);
    return reply.type("text/x-nix-narinfo").send(format(info));
  });
};

/** Signing costs more than all the rest. What is remembered goes by all that the database says, so it is never stale. */
function remember(format: (info: PathInfo) => string): (info: PathInfo) => string {
  const texts = new Map<string, string>();
  return (info) => {
    const key = JSON.stringify(info);
    const known = texts.get(key);
    if (known !== undefined) return known;
    const text = format(info);
    if (texts.size >= MAX_REMEMBERED) texts.clear();
    texts.set(key, text);
    return text;
  };
}
