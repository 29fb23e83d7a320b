import { parseCacheInfo } from "@nix-cache/narinfo";
import { fastify } from "fastify";
import { describe, expect, it } from "vitest";

import { nixCacheInfo } from "./nix-cache-info.ts";

describe("GET /nix-cache-info", () => {
  it("gives store directory and priority, and lets clients ask for many paths", async () => {
    await using app = fastify().register(nixCacheInfo, { storeDir: "/gnu/store", priority: 30 });

    const response = await app.inject("/nix-cache-info");

    expect(response.statusCode).toBe(200);
    expect(response.headers["content-type"]).toBe("text/x-nix-cache-info");
    expect(response.body).toBe("StoreDir: /gnu/store\nWantMassQuery: 1\nPriority: 30\n");
    expect(parseCacheInfo(response.body)).toEqual({
      storeDir: "/gnu/store",
      wantMassQuery: true,
      priority: 30,
    });
  });

  it("answers HEAD with the same headers", async () => {
    await using app = fastify().register(nixCacheInfo, { storeDir: "/nix/store", priority: 40 });

    const response = await app.inject({ method: "HEAD", url: "/nix-cache-info" });

    expect([response.statusCode, response.headers["content-length"], response.body]).toEqual([200, "51", ""]);
  });
});
