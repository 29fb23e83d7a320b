import { readdir, readFile, readlink } from "node:fs/promises";

import type { Generation } from "@nix-cache/history";

import type { Site } from "./site.ts";

/** Nothing is protected by its age, and what is dropped is deleted at once. */
export const NO_GRACE = ["graceHours = 0", "collectGraceMinutes = 0"] as const;

/** Publishes generations of host nz, each with another text. */
export async function publishTexts(site: Site, ...texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    await site.fleet.commit({ nz: { text } });
    await site.run();
  }
}

/** Names of the links in cacheDir. */
export async function listLinks(site: Site): Promise<readonly string[]> {
  return (await readdir(`${site.directory}/cache`)).filter((name) => !name.startsWith(".")).toSorted();
}

/** Directory of a site's GC roots. */
export function rootsOf(site: Site): string {
  return `${site.directory}/var/nix/gcroots/nix-cache-builder`;
}

/** What the history has as published of a host, the newest first. */
export function liveGenerations(site: Site, host = "nz"): readonly Generation[] {
  const all = site.history((reader) => reader.generations(host)) ?? [];
  return all.filter(({ condemnedAt }) => condemnedAt === undefined);
}

/** Their numbers. */
export function liveNumbers(site: Site, host = "nz"): readonly number[] {
  return liveGenerations(site, host).map(({ number }) => number);
}

/** What the links of host nz lead to: texts, the newest result's first. */
export async function readLinkedTexts(site: Site): Promise<readonly string[]> {
  const links = await listLinks(site);
  return Promise.all(
    links.map(async (name) => {
      const toplevel = await readlink(await readlink(`${site.directory}/cache/${name}`));
      return readFile(`${toplevel}/text`, "utf8");
    }),
  );
}
