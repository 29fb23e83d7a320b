import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { ENGINES } from "../../test/engines.ts";
import { commitAll, inspectCheckout, inspectUpstream, snapshot, writeFiles } from "../../test/repository.ts";
import { createServedUpstream, makeServedOptions, startServer } from "../../test/ssh.ts";
import { readCheckout, syncRepository } from "../index.ts";

/** Where a connection is cut, as parts of all that the server sends: in the handshake, the refs, and the pack. */
const PARTS = [0, 0.002, 0.01, 0.015, 0.018, 0.02, 0.022, 0.03, 0.1, 0.3, 0.6, 0.9, 0.97] as const;

/** Enough for a sync per part on a machine that is busy. */
const MANY_SYNCS_MS = 180_000;

/** About 130 kB that do not compress. */
function incompressible(): string {
  return randomBytes(100_000).toString("base64");
}

describe.each(ENGINES)("syncRepository by %s over a connection that is lost", (engine) => {
  it("at any byte of a clone, leaves nothing", { timeout: MANY_SYNCS_MS }, async () => {
    const server = await startServer();
    const upstream = createServedUpstream({ "data.txt": incompressible() });
    await syncRepository({ ...makeServedOptions(server, upstream), engine });
    const [total = 0] = server.sentBytes;

    for (const part of PARTS) {
      const options = { ...makeServedOptions(server, upstream), engine };
      server.interrupt({ type: "cut", afterBytes: Math.floor(part * total) });

      await expect(syncRepository(options)).rejects.toMatchObject({ code: "ERR_GITSYNC_NETWORK" });

      expect(existsSync(options.directory)).toBe(false);
    }
  });

  it(
    "at any byte of a fetch, changes nothing; the next sync is right",
    { timeout: MANY_SYNCS_MS },
    async () => {
      const server = await startServer();
      const upstream = createServedUpstream();
      const options = { ...makeServedOptions(server, upstream), engine };
      const { revision } = await syncRepository(options);
      writeFiles(upstream, { "data.txt": incompressible() });
      commitAll(upstream);
      await syncRepository({ ...makeServedOptions(server, upstream), engine });
      const total = server.sentBytes.at(-1) ?? 0;
      const before = snapshot(options.directory);

      for (const part of PARTS) {
        server.interrupt({ type: "cut", afterBytes: Math.floor(part * total) });

        await expect(syncRepository(options)).rejects.toMatchObject({ code: "ERR_GITSYNC_NETWORK" });

        expect(snapshot(options.directory)).toStrictEqual(before);
      }

      expect(await readCheckout(options.directory)).toMatchObject({ revision });
      server.interrupt(undefined);
      await syncRepository(options);
      expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
    },
  );

  it.each([0, 0.01, 0.5])(
    "and stays open after %d of its bytes, ends in time and changes nothing",
    async (part) => {
      const server = await startServer();
      const upstream = createServedUpstream({ "data.txt": incompressible() });
      await syncRepository({ ...makeServedOptions(server, upstream), engine });
      const options = { ...makeServedOptions(server, upstream), engine };
      server.interrupt({ type: "stall", afterBytes: Math.floor(part * (server.sentBytes[0] ?? 0)) });

      const outcome = syncRepository({ ...options, timeoutMs: 2000 });

      await expect(outcome).rejects.toMatchObject({ code: "ERR_GITSYNC_TIMEOUT" });
      expect(existsSync(options.directory)).toBe(false);
    },
  );
});
