import { cp, mkdir, readdir, rename, rm, symlink } from "node:fs/promises";

import { execa } from "execa";
import { describe, expect, it } from "vitest";

import {
  listLinks,
  liveGenerations,
  liveNumbers,
  NO_GRACE,
  publishTexts,
  readLinkedTexts,
  rootsOf,
} from "./support/generations.ts";
import { siteForTest } from "./support/site-for-test.ts";
import type { Site } from "./support/site.ts";

const ALL_LINKS = ["nz-result", "nz-result-1", "nz-result-2", "nz-result-3"];
const ALL_TEXTS = ["3", "1", "2", "3"];

/** Publishes three generations of nz, and puts back what was in some places after the first. */
async function siteWithBackup(...places: readonly ((site: Site) => string)[]): Promise<Site> {
  const site = await siteForTest({ nz: { text: "0" } }, { builder: NO_GRACE });
  await publishTexts(site, "1");
  const names = places.map((place) => place(site));
  for (const name of names) await copy(name, `${name}.backup`);
  await publishTexts(site, "2", "3");
  for (const name of names) {
    await rm(name, { recursive: true });
    await rename(`${name}.backup`, name);
  }
  return site;
}

async function copy(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
}

const history = (site: Site): string => `${site.directory}/state/history.sqlite`;
const cache = (site: Site): string => `${site.directory}/cache`;

/** Makes a generation's toplevel garbage and deletes it, behind the builder's back. */
async function lose(site: Site, ...generations: readonly number[]): Promise<void> {
  for (const generation of generations) await rm(`${rootsOf(site)}/nz/${generation}`);
  const { exitCode } = await site.nix("nix-store", "--gc");
  expect(exitCode).toBe(0);
}

describe("reconciliation", () => {
  it.each([
    ["history", [history]],
    ["roots", [rootsOf]],
    ["links", [cache]],
  ])("keeps every generation after an older backup of the %s", async (_, places) => {
    const site = await siteWithBackup(...places);

    const { exitCode, stdout, stderr } = await site.builder("prune");
    await site.nix("nix-store", "--gc");

    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
    expect(liveNumbers(site)).toEqual([3, 2, 1]);
    expect(await readdir(`${rootsOf(site)}/nz`)).toEqual(["1", "2", "3"]);
    expect(await listLinks(site)).toEqual(ALL_LINKS);
    expect(await readLinkedTexts(site)).toEqual(ALL_TEXTS);
  });

  it("makes every link again after cacheDir vanished or was another one", async () => {
    const site = await siteForTest({ nz: { text: "0" } }, { builder: NO_GRACE });
    await publishTexts(site, "1");
    await rename(cache(site), `${cache(site)}.unmounted`);
    await publishTexts(site, "2", "3");
    const meanwhile = await listLinks(site);
    await rm(cache(site), { recursive: true });
    await rename(`${cache(site)}.unmounted`, cache(site));

    const { exitCode } = await site.builder("prune");

    expect(exitCode).toBe(0);
    expect(meanwhile).toEqual(ALL_LINKS);
    expect(liveNumbers(site)).toEqual([3, 2, 1]);
    expect(await readLinkedTexts(site)).toEqual(ALL_TEXTS);
  });

  it("takes an empty cacheDir for a disk that is not mounted, not for a deletion", async () => {
    const site = await siteForTest({ nz: { text: "0" } }, { builder: NO_GRACE });
    await publishTexts(site, "1", "2", "3");
    await rm(cache(site), { recursive: true });
    await mkdir(cache(site));

    const { exitCode } = await site.builder("prune");

    expect(exitCode).toBe(0);
    expect(await readLinkedTexts(site)).toEqual(ALL_TEXTS);
  });

  it("serves the newest that is left of a store that lost paths", async () => {
    const site = await siteForTest({ nz: { text: "0" } }, { builder: ["keepGenerations = 5"] });
    await publishTexts(site, "1", "2", "3");
    await lose(site, 2, 3);

    const { exitCode, stdout } = await site.builder("prune");

    expect(exitCode).toBe(0);
    expect(stdout).toContain("its store paths are gone");
    expect(liveGenerations(site).map(({ number, lostAt }) => [number, lostAt !== undefined])).toEqual([
      [3, true],
      [2, true],
      [1, false],
    ]);
    expect(await listLinks(site)).toEqual(["nz-result", "nz-result-1"]);
    expect(await readLinkedTexts(site)).toEqual(["1", "1"]);
  });

  it("publishes nothing whose files are gone, and says how to have them back", async () => {
    const site = await siteForTest({ nz: { text: "0" } });
    await publishTexts(site, "1", "2");
    const toplevel = await site.toplevel("nz");
    await execa("chmod", ["-R", "u+w", toplevel]);
    await rm(toplevel, { recursive: true });

    const { exitCode, stdout } = await site.builder("run");

    expect(exitCode).toBe(1);
    expect(stdout).toContain(`nix-store --repair-path ${toplevel}`);
    expect(await readLinkedTexts(site)).toEqual(["1", "1"]);
  });

  it("removes links that nobody knows of after history and roots were lost together", async () => {
    const site = await siteForTest({ nz: { text: "0" } });
    await publishTexts(site, "1", "2", "3");
    for (const name of await readdir(`${site.directory}/state`)) {
      if (name.startsWith("history")) await rm(`${site.directory}/state/${name}`);
    }
    await rm(rootsOf(site), { recursive: true });
    await symlink("/nowhere", `${cache(site)}/.nz-result-3.new`);

    await site.run();

    expect(await readLinkedTexts(site)).toEqual(["3", "3"]);
    expect((await readdir(cache(site))).toSorted()).toEqual([
      ".nix-cache-builder",
      "nz-result",
      "nz-result-1",
    ]);
  });

  it("has a lost generation back once it is built again, with its number", async () => {
    const site = await siteForTest({ nz: { text: "0" } });
    await publishTexts(site, "1", "2");
    await lose(site, 2);
    await site.builder("prune");

    await site.run();

    expect(liveGenerations(site).map(({ number, lostAt }) => [number, lostAt])).toEqual([
      [2, undefined],
      [1, undefined],
    ]);
    expect(await readLinkedTexts(site)).toEqual(["2", "1", "2"]);
  });
});
