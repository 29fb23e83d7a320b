import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";

import { type SshServer, watchProcesses } from "@nix-cache/tooling-parts";
import { describe, expect, it } from "vitest";

import { ENGINES } from "../../test/engines.ts";
import { makeTempDir } from "../../test/repository.ts";
import { createServedUpstream, makeServedOptions, startServer } from "../../test/ssh.ts";
import { syncRepository } from "../index.ts";

/** Every line of the private keys, and the passphrase of the one that has one. */
function readSecrets({ keyFile, encryptedKeyFile, passphrase }: SshServer): readonly string[] {
  const lines = [keyFile, encryptedKeyFile].flatMap((file) => readFileSync(file, "utf8").trim().split("\n"));
  return [...lines.filter((line) => !line.startsWith("-----")), passphrase];
}

function findSecrets(texts: Iterable<string>, secrets: readonly string[]): readonly string[] {
  return [...texts].filter((text) => secrets.some((secret) => text.includes(secret)));
}

describe.each(ENGINES)("syncRepository by %s with a deploy key", (engine) => {
  it("shows nothing of it in any process's arguments or environment", async () => {
    const parent = makeTempDir();
    chmodSync(parent, 0o755);
    const gate = join(parent, "gate");
    const command = `until [ -e ${gate} ]; do sleep 0.05; done; exec git-shell -c "$SSH_ORIGINAL_COMMAND"`;
    const server = await startServer({ command });
    await using watch = watchProcesses();

    const outcome = syncRepository({ ...makeServedOptions(server, createServedUpstream()), engine });
    // Only ssh has the key file among its arguments.
    await expect.poll(() => [...watch.seen].some((text) => text.includes(server.keyFile))).toBe(true);
    writeFileSync(gate, "");
    await outcome;

    expect(findSecrets(watch.seen, readSecrets(server))).toStrictEqual([]);
  });

  it.each(["encryptedKeyFile", "strangerKeyFile"] as const)(
    "shows nothing of %s in the error",
    async (name) => {
      const server = await startServer();
      const ssh = { keyFile: server[name] };

      const error: unknown = await syncRepository(
        makeServedOptions(server, createServedUpstream(), ssh),
      ).catch((caught: unknown) => caught);

      expect(error).toBeInstanceOf(Error);
      const secrets = [
        ...readSecrets(server),
        ...readSecrets({ ...server, keyFile: server.strangerKeyFile }),
      ];
      expect(findSecrets([inspect(error, { depth: 10 })], secrets)).toStrictEqual([]);
    },
  );
});
