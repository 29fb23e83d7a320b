import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";

import { requirePassword, serveGit, watchProcesses } from "@nix-cache/tooling-parts";
import { execa } from "execa";
import { describe, expect, it, onTestFinished } from "vitest";

import { latestRun, siteForTest } from "./support/site-for-test.ts";
import type { Site } from "./support/site.ts";

const TOKEN = "glpat-correct-horse-battery-staple";
const INPUT_TOKEN = "github_pat_wrong_donkey_socket_paper";

/** Serves a site's repository over http to who has the token; its address. */
async function serveWithToken({ fleet }: Site): Promise<string> {
  const server = createServer(requirePassword(TOKEN, serveGit(fleet.directory)));
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/fleet`;
}

describe("a repository behind a token", () => {
  it.each(["isomorphic", "git"])(
    "is synced by the engine %s, and no token appears anywhere",
    async (engine) => {
      const site = await siteForTest();
      await writeFile(`${site.directory}/token`, `${TOKEN}\n`, { mode: 0o400 });
      await writeFile(`${site.directory}/input-tokens`, `github.com=${INPUT_TOKEN}\n`, { mode: 0o400 });
      await site.configure({
        flakeRepo: await serveWithToken(site),
        builder: [
          `gitEngine = "${engine}"`,
          `repoTokenFile = "${site.directory}/token"`,
          `accessTokensFile = "${site.directory}/input-tokens"`,
        ],
      });
      await using watch = watchProcesses();

      const { exitCode, stdout, stderr } = await site.builder("run");

      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(latestRun(site)).toMatchObject({ status: "SUCCESS", syncState: "synced" });
      const config = await readFile(`${site.directory}/state/flake/.git/config`, "utf8");
      const { stdout: state } = await execa("sh", ["-c", `cat $(find ${site.directory}/state -type f)`], {
        encoding: "buffer",
      });
      const kept = config + stdout + Buffer.from(state).toString("latin1");
      // Nix gets its token by its environment, as it wants it; nothing else may have either.
      const seen = [...watch.seen].filter((text) => !text.includes("NIX_CONFIG="));
      expect([TOKEN, INPUT_TOKEN].filter((token) => kept.includes(token))).toEqual([]);
      expect(seen.filter((text) => text.includes(TOKEN) || text.includes(INPUT_TOKEN))).toEqual([]);
      expect([...watch.seen].some((text) => text.includes(INPUT_TOKEN))).toBe(true);
    },
  );

  it.each(["isomorphic", "git"])(
    "says that a token is wrong, and not which, by the engine %s",
    async (engine) => {
      const site = await siteForTest();
      await writeFile(`${site.directory}/token`, "wrong-but-secret\n", { mode: 0o400 });
      await site.configure({
        flakeRepo: await serveWithToken(site),
        builder: [`gitEngine = "${engine}"`, `repoTokenFile = "${site.directory}/token"`],
      });

      const { exitCode, stderr } = await site.builder("sync");

      expect(exitCode).toBe(69);
      expect(stderr).toMatch(/^nix-cache-builder: cannot sync: .*(credentials|token)/);
      expect(stderr).not.toContain("wrong-but-secret");
    },
  );
});
