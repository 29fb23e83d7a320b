import { lstat } from "node:fs/promises";
import { join } from "node:path";

import { formatHash, parseHash, parseStorePath } from "@nix-cache/narinfo";
import type { PathInfo } from "@nix-cache/store-db";
import type { FastifyPluginAsync } from "fastify";
import type { Logger } from "pino";

import type { LookUp } from "../look-up.ts";
import { openNarBody } from "../nar-body.ts";
import { parseNarUrl } from "../nar-url.ts";
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
  app.route<NarRequest>({
    // HEAD is here because Fastify's own would read the whole NAR.
    method: ["GET", "HEAD"],
    url: "/nar/:file",
    async handler(request, reply) {
      const name = parseNarUrl(request.params.file, request.query.hash);
      const info = name && lookUp(name.hashPart);
      if (info === undefined) return replyNotFound(reply);
      if (name?.narHash !== undefined && `sha256:${name.narHash}` !== formatHash(parseHash(info.narHash))) {
        return replyNotFound(reply);
      }

      const path = realPath(info, options);
      const body = request.method === "HEAD" ? await exists(path) : await openNarBody(path, info.narSize);
      if (!body) return replyNotFound(reply);
      // No Accept-Ranges: a client would ask to resume, and find its range ignored.
      reply.type("application/x-nix-nar").header("content-length", info.narSize);
      if (body === true) return reply.send();
      body.on("error", (err) => logger.warn({ err, path: info.path }, "download broken off"));
      return reply.send(body);
    },
  });
};

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
