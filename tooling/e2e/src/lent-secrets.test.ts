import { readdirSync, readFileSync } from "node:fs";
import { chmod, chown, mkdir, readFile } from "node:fs/promises";

import { watchProcesses } from "@nix-cache/tooling-parts";
import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { NIX_CONFIG } from "./support/command.ts";
import { ROOT } from "./support/places.ts";
import { latestRun, siteForTest } from "./support/site-for-test.ts";
import type { Site } from "./support/site.ts";
import { startProgram } from "./support/start-program.ts";

/** nobody of most systems. */
const SERVICE_USER = 65_534;
const isRoot = process.getuid?.() === 0;

/** As `install` leaves a machine: the state is the service's, the key root's; for others than root, all is their own. */
async function siteWithRootsKey(builder: readonly string[] = []): Promise<Site> {
  const site = await siteForTest({ nz: { text: "0" } }, { builder });
  for (const name of ["cache", "state", "store", "var"]) await mkdir(`${site.directory}/${name}`);
  if (!isRoot) return site;
  await chmod(site.directory, 0o755);
  const names = ["cache", "common", "home", "state", "store", "var"];
  await execa("chown", ["-R", `${SERVICE_USER}:${SERVICE_USER}`, ...names], { cwd: site.directory });
  return site;
}

/** The copies of this site's key that another user can read. */
function findCopies(secret: string): readonly string[] {
  const directories = readdirSync("/run").filter((name) => name.startsWith("nix-cache-builder-"));
  return directories.filter((name) => readIfPresent(`/run/${name}/signingKeyFile`) === secret);
}

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Another test's is just being removed.
    return undefined;
  }
}

describe("secrets that root alone can read", () => {
  it("are lent to the service's user for a command by hand, and appear nowhere", async () => {
    const site = await siteWithRootsKey();
    const secret = await readFile(`${site.directory}/key`, "utf8");
    await using watch = watchProcesses();

    const { exitCode, stderr, stdout } = await site.builder("run");

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(latestRun(site)).toMatchObject({ status: "SUCCESS" });
    const signed = await site.nix("nix", "path-info", "--sigs", await site.toplevel("nz"));
    expect(signed.stdout).toContain("e2e-1:");
    expect(stdout).not.toContain(secret);
    expect([...watch.seen].filter((line) => line.includes(secret.split(":")[1] ?? secret))).toEqual([]);
    await expect.poll(() => findCopies(secret)).toEqual([]);
  });

  it("sign what is published, and are gone afterwards", async () => {
    const site = await siteWithRootsKey();
    const secret = await readFile(`${site.directory}/key`, "utf8");
    await site.run();

    const { exitCode, stdout } = await site.builder("sign", "--all");

    expect(exitCode).toBe(0);
    expect(stdout).toContain(site.publicKey);
    await expect.poll(() => findCopies(secret)).toEqual([]);
  });

  it("sign from a directory that root alone can enter, too", async () => {
    const site = await siteWithRootsKey();
    await site.run();
    await mkdir(`${site.directory}/closed`, { mode: 0o700 });

    const { exitCode, stderr } = await execa(
      `${ROOT}/tooling/bin/nix-cache-builder`,
      ["sign", "--all", "--config", site.configFile],
      { cwd: `${site.directory}/closed`, env: { NIX_CONFIG }, reject: false },
    );

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });

  it("are not asked for by a command that needs none", async () => {
    const site = await siteWithRootsKey(['accessTokensFile = "/nonexistent/tokens"']);

    const { exitCode, stderr } = await site.builder("prune");

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });

  it("are not lent where others can write to the configuration, which could name any file of root's", async () => {
    const site = await siteWithRootsKey();
    await chmod(site.configFile, 0o666);

    const { exitCode, stdout } = await site.builder("run");

    // Others than root read their own key themselves.
    expect(exitCode).toBe(isRoot ? 1 : 0);
    expect(stdout.includes("permission denied") || stdout.includes("Permission denied")).toBe(isRoot);
  });

  it("are not lent where others can put another configuration in its place", async () => {
    const site = await siteWithRootsKey();
    if (isRoot) await chown(site.directory, SERVICE_USER, SERVICE_USER);

    const { exitCode, stdout } = await site.builder("run");

    expect(exitCode).toBe(isRoot ? 1 : 0);
    expect(stdout.includes("permission denied") || stdout.includes("Permission denied")).toBe(isRoot);
  });

  it("are gone when the command was killed", async () => {
    const site = await siteWithRootsKey();
    const secret = await readFile(`${site.directory}/key`, "utf8");
    const { child, ended } = await startProgram({
      argv: [`${ROOT}/tooling/bin/nix-cache-builder`, "run", "--config", site.configFile],
      env: { NIX_CONFIG },
      until: "run started",
    });
    // Others than root have nothing lent to them.
    expect(findCopies(secret)).toHaveLength(isRoot ? 1 : 0);

    child.kill("SIGKILL");
    await ended;

    await expect.poll(() => findCopies(secret)).toEqual([]);
  });
});
