import { readdir, readlink } from "node:fs/promises";

import { listLinks, liveGenerations, rootsOf } from "./generations.ts";
import type { Site } from "./site.ts";

/** Links of host nz, its directory, and what a killed run did build, which the next run has at hand. */
const EXPECTED = /^nz(?:-result(?:-\d+)?)?$|^\.staging$/;

/** What a site has of host nz; in order, all of it says the same. */
export interface Agreement {
  /** Numbers that the history has as published. */
  readonly history: readonly number[];
  /** Numbers that have a GC root. */
  readonly roots: readonly number[];
  /** Numbers that have a link in cacheDir. */
  readonly links: readonly number[];
  /** What the newest result leads to, as a number of the history. */
  readonly newest: number | undefined;
  /** Published toplevels that the store lacks. */
  readonly lost: readonly string[];
  /** What else is in the directory of GC roots or in cacheDir. */
  readonly strays: readonly string[];
}

/** Reads what a site says of host nz, after the machine's own garbage collection. */
export async function readAgreement(site: Site): Promise<Agreement> {
  await site.nix("nix-store", "--gc");
  const live = liveGenerations(site);
  const toplevels = live.map(({ toplevel }) => toplevel);
  const { stdout } = await site.nix("nix-store", "--check-validity", "--print-invalid", ...toplevels);
  const links = await listLinks(site);
  const newest = await readlink(await readlink(`${site.directory}/cache/nz-result`));
  const roots = await readdir(rootsOf(site));
  return {
    history: ascending(live.map(({ number }) => number)),
    roots: ascending((await readdir(`${rootsOf(site)}/nz`)).map(Number)),
    links: ascending(links.flatMap((name) => /-(\d+)$/.exec(name)?.[1] ?? []).map(Number)),
    newest: live.find(({ toplevel }) => toplevel === newest)?.number,
    lost: stdout.split("\n").filter((line) => line !== ""),
    strays: [...links, ...roots].filter((name) => !EXPECTED.test(name)),
  };
}

/** What is to be read when everything agrees. */
export function agreementOn(numbers: readonly number[]): Agreement {
  const all = ascending(numbers);
  return { history: all, roots: all, links: all, newest: all.at(-1), lost: [], strays: [] };
}

function ascending(numbers: readonly number[]): readonly number[] {
  return numbers.toSorted((a, b) => a - b);
}
