import { StoreDbError } from "@nix-cache/store-db";
import type { FastifyInstance } from "fastify";
import type { InjectOptions, LightMyRequestResponse } from "fastify";
import { pino } from "pino";
import { afterAll, describe, expect, it } from "vitest";

import { createAllowList } from "./allow.ts";
import { createApp } from "./app.ts";

const HASH_PART = "00000000000000000000000000000000";
const events: Record<string, unknown>[] = [];
const app = create(() => undefined);
const broken = create(() => {
  throw new StoreDbError("ERR_STORE_DB_BUSY", "/db stayed locked; try again");
});

afterAll(async () => {
  await app.close();
  await broken.close();
});

describe("createApp", () => {
  it.each(["GET", "HEAD", "PUT", "OPTIONS"] as const)(
    "answers 403 to %s from an address not allowed",
    async (method) => {
      const responses = await Promise.all(
        ["/", "/nix-cache-info", `/${HASH_PART}.narinfo`, "/none", "/%zz"].map((url) =>
          app.inject({ method, url, remoteAddress: "10.0.0.1" }),
        ),
      );

      expect(responses.map((response) => response.statusCode)).toEqual([403, 403, 403, 403, 403]);
    },
  );

  it("says in plain text why", async () => {
    const response = await app.inject({ url: "/", remoteAddress: "10.0.0.1" });

    expect(response.headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect(response.body).toBe("forbidden: this address is not in cacheServer.allow\n");
  });

  it.each(["PUT", "POST", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "QUERY"] as const)(
    "answers 405 to %s, whatever the URL",
    async (method) => {
      const urls = ["/", "/nix-cache-info", `/${HASH_PART}.narinfo`, "/nar/x.nar", "/none"];

      const responses = await Promise.all(urls.map((url) => fromLan({ method, url })));

      expect(responses.map((response) => response.statusCode)).toEqual([405, 405, 405, 405, 405]);
      expect(responses.map((response) => response.headers.allow)).toEqual(Array(5).fill("GET, HEAD"));
    },
  );

  it("answers 405 to an upload, whatever its body", async () => {
    const headers = { "content-type": "application/json" };

    const response = await fromLan({ method: "PUT", url: "/x.narinfo", headers, payload: "{broken" });

    expect(response.statusCode).toBe(405);
  });

  it("answers 404 in plain text to what it does not know", async () => {
    const [get, head] = await Promise.all([
      fromLan({ url: "/favicon.ico" }),
      fromLan({ url: "/favicon.ico", method: "HEAD" }),
    ]);

    expect([get.statusCode, head.statusCode]).toEqual([404, 404]);
    expect(get.headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect([get.body, head.body]).toEqual(["not found\n", ""]);
  });

  it("answers 404, for which clients look elsewhere, while the database cannot be read", async () => {
    const urls = [`/${HASH_PART}.narinfo`, `/nar/${HASH_PART}.nar`];

    const responses = await Promise.all(
      urls.map((url) => broken.inject({ url, remoteAddress: "192.168.0.1" })),
    );

    expect(responses.map((response) => [response.statusCode, response.body])).toEqual([
      [404, "not found\n"],
      [404, "not found\n"],
    ]);
    expect(events).toContainEqual(
      expect.objectContaining({
        msg: "request failed",
        err: expect.objectContaining({ code: "ERR_STORE_DB_BUSY" }),
      }),
    );
  });

  it("logs each request as one event", async () => {
    events.length = 0;

    await fromLan({ url: "/nix-cache-info?x" });
    await fromLan({ url: "/none" });

    const address = "192.168.0.1";
    const request = { level: 30, msg: "request", method: "GET", address };
    expect(events).toMatchObject([
      { ...request, url: "/nix-cache-info?x", status: 200 },
      { ...request, url: "/none", status: 404 },
    ]);
  });
});

function fromLan(options: InjectOptions): Promise<LightMyRequestResponse> {
  return app.inject({ remoteAddress: "192.168.0.1", ...options });
}

function create(lookUp: Parameters<typeof createApp>[0]["lookUp"]): FastifyInstance {
  const logger = pino({ base: null }, { write: (line: string) => void events.push(JSON.parse(line)) });
  const isAllowed = createAllowList(["192.168.0.0/16"]);
  const stores = { storeDir: "/nix/store", realStoreDir: "/nix/store" };
  return createApp({ ...stores, priority: 40, keys: [], isAllowed, lookUp, logger });
}
