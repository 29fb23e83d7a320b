import { once } from "node:events";
import { lstat } from "node:fs/promises";
import { join } from "node:path";

import { formatHash, parseHash, parseStorePath } from "@nix-cache/narinfo";
import type { PathInfo } from "@nix-cache/store-db";
import type { FastifyPluginAsync, FastifyReply } from "fastify";
import type { Logger } from "pino";

import type { LookUp } from "../look-up.ts";
import { openNarBody } from "../nar-body.ts";
import { type NarName, parseNarUrl } from "../nar-url.ts";
import { replyNotFound } from "../not-found.ts";

/** Where the files of the store are. */
export interface NarOptions {
  readonly storeDir: string;
  readonly realStoreDir: string;
  readonly lookUp: LookUp;
  readonly logger: Logger;
}

interface NarRequest {
  readonly Params: { readonly file: string };
  readonly Querystring: { readonly hash?: unknown };
}

/** `GET /nar/<hash part>-<NAR hash>.nar`, and the same of other shapes: the NAR, dumped from the files. */
export const nar: FastifyPluginAsync<NarOptions> = async (app, options) => {
  const { lookUp, logger } = options;
  const url = "/nar/:file";

  app.get<NarRequest>(url, { exposeHeadRoute: false }, async ({ params, query }, reply) => {
    const info = findNar(parseNarUrl(params.file, query.hash), lookUp);
    if (info === undefined) return replyNotFound(reply);
    // Requests that come in one go are handled at once, answered in turn: only the first may hold files and memory.
    if (reply.raw.socket === null) await once(reply.raw, "socket");
    const body = await openNarBody(realPath(info, options), info.narSize);
    if (body === undefined) return replyNotFound(reply);
    body.on("error", (err) => logger.warn({ err, path: info.path }, "download broken off"));
    return describeNar(reply, info).send(body);
  });

  // Fastify's own answer to HEAD would read the whole NAR.
  app.head<NarRequest>(url, async ({ params, query }, reply) => {
    const info = findNar(parseNarUrl(params.file, query.hash), lookUp);
    if (info === undefined || !(await exists(realPath(info, options)))) return replyNotFound(reply);
    return describeNar(reply, info).send();
  });
};

function findNar(name: NarName | undefined, lookUp: LookUp): PathInfo | undefined {
  const info = name && lookUp(name.hashPart);
  if (info === undefined || name?.narHash === undefined) return info;
  return formatHash(parseHash(info.narHash)) === `sha256:${name.narHash}` ? info : undefined;
}

/** There is no Accept-Ranges: a client would ask to resume, and find its range ignored. */
function describeNar(reply: FastifyReply, { narSize }: PathInfo): FastifyReply {
  return reply.type("application/x-nix-nar").header("content-length", narSize);
}

/** Where the files of a path are, which in a chroot store is not what the path says. */
function realPath({ path }: PathInfo, { storeDir, realStoreDir }: NarOptions): string {
  const { hashPart, name } = parseStorePath(path, { storeDir });
  return join(realStoreDir, `${hashPart}-${name}`);
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}
