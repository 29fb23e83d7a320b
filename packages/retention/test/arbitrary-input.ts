import * as fc from "fast-check";

import type {
  DropDecision,
  RetentionGeneration,
  RetentionInput,
  RetentionPath,
  RetentionPlan,
} from "../src/index.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const NOW = new Date("2026-11-22T02:00:00Z");
const HOSTS = ["beez", "mz", "nz", "zanoza"];
const MAX_PATHS = 24;

const pathName = (index: number): string => `/nix/store/path-${index}`;

/** Closures in which a path refers only to itself or to paths before it, as in a real store. */
const arbitraryClosures: fc.Arbitrary<ReadonlyMap<string, RetentionPath>> = fc
  .array(
    fc.record({
      narSize: fc.integer({ min: 0, max: 100 }),
      references: fc.array(fc.nat({ max: MAX_PATHS }), { maxLength: 4 }),
    }),
    { minLength: 1, maxLength: MAX_PATHS },
  )
  .map(
    (paths) =>
      new Map(
        paths.map(({ narSize, references }, index) => [
          pathName(index),
          { narSize, references: references.map((reference) => pathName(reference % (index + 1))) },
        ]),
      ),
  );

const arbitraryAge = fc.integer({ min: 0, max: 20 * DAY_MS }).map((age) => new Date(NOW.getTime() - age));

function arbitraryGenerations(pathCount: number): fc.Arbitrary<RetentionGeneration[]> {
  return fc.uniqueArray(
    fc.record(
      {
        host: fc.constantFrom(...HOSTS),
        number: fc.integer({ min: 1, max: 12 }),
        toplevel: fc.nat({ max: pathCount - 1 }).map(pathName),
        publishedAt: arbitraryAge,
        lastPublication: fc.nat({ max: 40 }),
        good: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
        pinned: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
        dismissed: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
      },
      { requiredKeys: ["host", "number", "toplevel", "publishedAt", "lastPublication", "good"] },
    ),
    { maxLength: 24, selector: ({ host, number }) => `${host} ${number}` },
  );
}

/** Any consistent input; limits are drawn so that they often bite. */
export const arbitraryInput: fc.Arbitrary<RetentionInput> = arbitraryClosures.chain((closures) =>
  fc.record({
    generations: arbitraryGenerations(closures.size),
    closures: fc.constant(closures),
    policy: fc.record({
      keepGenerations: fc.nat({ max: 5 }),
      maxCacheSizeBytes: fc.nat({ max: 800 }),
      minFreeBytes: fc.nat({ max: 400 }),
      graceMs: fc.constantFrom(0, DAY_MS, 5 * DAY_MS),
      removedHostMs: fc.constantFrom(0, 7 * DAY_MS),
    }),
    configuredHosts: fc.subarray(HOSTS).map((hosts) => new Set(hosts)),
    lastConfiguredAt: fc
      .dictionary(fc.constantFrom(...HOSTS), arbitraryAge)
      .map((dates) => new Map(Object.entries(dates))),
    inUse: fc
      .subarray([...closures.keys()], { maxLength: Math.min(2, closures.size) })
      .map((paths) => new Set(paths)),
    otherRoots: fc
      .subarray([...closures.keys(), "/nix/store/elsewhere"], { maxLength: 2 })
      .map((paths) => new Set(paths)),
    freeBytes: fc.nat({ max: 400 }),
    now: fc.constant(NOW),
  }),
);

/** Counts the unique NAR bytes of some generations' closures the slow way. */
export function countRootedBytes(
  generations: Iterable<RetentionGeneration>,
  { closures }: RetentionInput,
): number {
  return sumBytes(walkClosures(toplevelsOf(generations), closures), closures);
}

/** Counts those of them that no other root holds. */
export function countFreeableBytes(
  generations: Iterable<RetentionGeneration>,
  { closures, otherRoots = new Set() }: RetentionInput,
): number {
  const rooted = walkClosures(toplevelsOf(generations), closures);
  return sumBytes(rooted.difference(walkClosures(otherRoots, closures)), closures);
}

function toplevelsOf(generations: Iterable<RetentionGeneration>): readonly string[] {
  return [...generations].map(({ toplevel }) => toplevel);
}

function walkClosures(roots: Iterable<string>, closures: RetentionInput["closures"]): Set<string> {
  const found = new Set<string>();
  const pending = [...roots];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    pending.push(...(closures.get(path)?.references ?? []));
  }
  return found;
}

function sumBytes(paths: ReadonlySet<string>, closures: RetentionInput["closures"]): number {
  return [...paths].reduce((sum, path) => sum + (closures.get(path)?.narSize ?? 0), 0);
}

/** Lists the generations that a plan keeps. */
export function listKept({ decisions }: Pick<RetentionPlan, "decisions">): RetentionGeneration[] {
  return decisions.filter(({ type }) => type === "keep").map(({ generation }) => generation);
}

/** The input as it is once some drops have been carried out. */
export function applyDrops(input: RetentionInput, drops: readonly DropDecision[]): RetentionInput {
  const dropped = new Set(drops.map(({ generation }) => generation));
  const freed = drops.reduce((sum, { freeableBytes }) => sum + freeableBytes, 0);
  return {
    ...input,
    generations: input.generations.filter((generation) => !dropped.has(generation)),
    freeBytes: (input.freeBytes ?? 0) + freed,
  };
}
