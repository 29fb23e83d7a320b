import { readdirSync, readFileSync } from "node:fs";
import { chmod, readFile } from "node:fs/promises";

import { type SshServer, startSshServer, watchProcesses } from "@nix-cache/tooling-parts";
import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { NIX_CONFIG } from "./support/command.ts";
import { ROOT } from "./support/places.ts";
import { HOSTS, latestRun, readText, siteForTest } from "./support/site-for-test.ts";
import type { Site } from "./support/site.ts";
import { startProgram } from "./support/start-program.ts";

/** Makes a builder machine whose flake is behind a real sshd. */
async function siteBehind(
  { binDir, knownHostsFile, url }: SshServer,
  builder: readonly string[],
): Promise<Site> {
  const site = await siteForTest(HOSTS, binDir === undefined ? {} : { programs: binDir });
  // The server is another user than the repository's owner when this is run by root.
  await chmod(site.directory, 0o755);
  await site.configure({
    flakeRepo: url(site.fleet.directory),
    builder: [`sshKnownHostsFile = "${knownHostsFile}"`, ...builder],
  });
  return site;
}

/** Arguments of every process. */
function listCommandLines(): readonly string[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "latin1");
    } catch {
      // It has just ended.
      return "";
    }
  });
}

/** Everything that a site keeps and that is not a store: history, logs, locks, checkout, links. */
async function readState({ directory }: Site): Promise<string> {
  const { stdout } = await execa("sh", ["-c", `cat $(find ${directory}/state ${directory}/cache -type f)`], {
    encoding: "buffer",
  });
  return Buffer.from(stdout).toString("latin1");
}

describe("a repository behind a deploy key", () => {
  it.each(["isomorphic", "git"])(
    "is synced by the engine %s, and the key appears nowhere",
    async (engine) => {
      await using server = await startSshServer();
      const site = await siteBehind(server, [`gitEngine = "${engine}"`, `sshKeyFile = "${server.keyFile}"`]);
      const [, secret = ""] = (await readFile(server.keyFile, "utf8")).split("\n");
      await using watch = watchProcesses();

      const { exitCode, stdout, stderr } = await site.builder("run");

      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(latestRun(site)).toMatchObject({ status: "SUCCESS", syncState: "synced" });
      expect([...watch.seen].filter((line) => line.includes("git-upload-pack"))).not.toEqual([]);
      expect([...watch.seen].filter((line) => line.includes(secret))).toEqual([]);
      expect(stdout + (await readState(site))).not.toContain(secret);
    },
  );

  it("may have inputs behind the same key", async () => {
    await using server = await startSshServer();
    const site = await siteBehind(server, [`sshKeyFile = "${server.keyFile}"`]);
    const flake = await readFile(`${site.fleet.directory}/flake.nix`, "utf8");
    const input = `git+${server.url(site.common.directory)}?ref=main`;
    await site.fleet.commitFile("flake.nix", flake.replace(/git\+file:[^"]*/, input));
    await site.common.commitFile("text", "+over ssh");

    const { exitCode, stderr } = await site.builder("run");

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(latestRun(site)).toMatchObject({ status: "SUCCESS", updateState: "updated" });
    expect(await readText(site, "nz")).toBe("nz+over ssh");
  });

  it.each(["isomorphic", "git"])(
    "is told apart from one that refuses the key, by the engine %s",
    async (engine) => {
      await using server = await startSshServer();
      const site = await siteBehind(server, [
        `gitEngine = "${engine}"`,
        `sshKeyFile = "${server.strangerKeyFile}"`,
      ]);

      const { exitCode, stderr } = await site.builder("sync");

      expect(exitCode).toBe(69);
      expect(stderr).toMatch(/^nix-cache-builder: cannot sync: .*key was refused/);
    },
  );

  it.each(["isomorphic", "git"])(
    "is not waited for when its key has a passphrase, by the engine %s",
    async (engine) => {
      await using server = await startSshServer();
      const site = await siteBehind(server, [
        `gitEngine = "${engine}"`,
        `sshKeyFile = "${server.encryptedKeyFile}"`,
      ]);

      const { exitCode, stderr } = await site.builder("sync");

      expect(exitCode).toBe(69);
      expect(stderr).toMatch(/passphrase/);
      expect(stderr).not.toContain(server.passphrase);
    },
  );

  it.each([
    ["isomorphic", "SIGTERM"],
    ["isomorphic", "SIGKILL"],
    ["git", "SIGTERM"],
    ["git", "SIGKILL"],
  ] as const)(
    "leaves no process when the forge stalls, by the engine %s, and %s comes",
    async (engine, signal) => {
      await using server = await startSshServer();
      const site = await siteBehind(server, [`gitEngine = "${engine}"`, `sshKeyFile = "${server.keyFile}"`]);
      server.interrupt({ type: "stall", afterBytes: 2000 });
      const { child, ended } = await startProgram({
        argv: [`${ROOT}/tooling/bin/nix-cache-builder`, "run", "--config", site.configFile],
        env: {
          NIX_CONFIG,
          ...(server.binDir === undefined ? {} : { PATH: `${process.env["PATH"]}:${server.binDir}` }),
        },
        until: "run started",
      });
      await expect.poll(() => server.sentBytes.some((bytes) => bytes >= 2000)).toBe(true);

      child.kill(signal);
      await ended;

      // ssh and git name the key or the checkout.
      const left = () =>
        listCommandLines().filter((line) =>
          [server.keyFile, site.directory].some((path) => line.includes(path)),
        );
      await expect.poll(left).toEqual([]);
    },
  );
});
