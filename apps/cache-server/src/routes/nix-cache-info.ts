import { formatCacheInfo } from "@nix-cache/narinfo";
import type { FastifyPluginAsync } from "fastify";

/** What the cache says of itself. */
export interface NixCacheInfoOptions {
  readonly storeDir: string;
  readonly priority: number;
}

/**
 * `GET /nix-cache-info`: the store directory, and how this cache ranks among others.
 *
 * @see https://nix.dev/manual/nix/latest/protocols/nix-cache-info
 */
export const nixCacheInfo: FastifyPluginAsync<NixCacheInfoOptions> = async (app, { storeDir, priority }) => {
  const text = formatCacheInfo({ storeDir, wantMassQuery: true, priority });
  app.get("/nix-cache-info", async (_request, reply) => reply.type("text/x-nix-cache-info").send(text));
};
