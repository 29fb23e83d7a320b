import * as fc from "fast-check";

import {
  planRetention,
  type RetentionGeneration,
  type RetentionInput,
  type RetentionPath,
  type RetentionPlan,
} from "../src/index.ts";
import { listKept } from "./arbitrary-input.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const FIRST_NIGHT = new Date("2026-01-01T02:00:00Z");
const HOSTS = ["beez", "mz", "nz"];
const VERSIONS = 6;

/** What happens in one night. */
interface Night {
  /** The version that each host which builds ends at; a host may return to an older one. */
  readonly built: ReadonlyMap<string, number>;
  readonly configuredHosts: ReadonlySet<string>;
  /** Which generation, counted in the order of publication, the administrator dismisses. */
  readonly dismissed: number;
  readonly maxCacheSizeBytes: number;
  readonly keepGenerations: number;
}

/** Any night; a failed host is one that builds nothing. */
export const arbitraryNight: fc.Arbitrary<Night> = fc.record({
  built: fc
    .dictionary(fc.constantFrom(...HOSTS), fc.nat({ max: VERSIONS - 1 }))
    .map((built) => new Map(Object.entries(built))),
  configuredHosts: fc.subarray(HOSTS, { minLength: 1 }).map((hosts) => new Set(hosts)),
  dismissed: fc.nat({ max: 30 }),
  maxCacheSizeBytes: fc.integer({ min: 1, max: 1200 }),
  keepGenerations: fc.nat({ max: 4 }),
});

/** Every version of every host: 100 bytes of its own, and 50 that the hosts share in that version. */
const closures: ReadonlyMap<string, RetentionPath> = new Map(
  Array.from({ length: VERSIONS }, (_, version): [string, RetentionPath][] => {
    const library = `/nix/store/library-${version}`;
    const toplevels = HOSTS.map((host): [string, RetentionPath] => [
      `/nix/store/${host}-${version}`,
      { narSize: 100, references: [library] },
    ]);
    return [[library, { narSize: 50, references: [] }], ...toplevels];
  }).flat(),
);

/** A cache over the nights, as the builder keeps it: a host's toplevel is one generation, however often it is built. */
interface Cache {
  readonly publish: (night: Night) => void;
  /** Plans for a night and carries the plan out. */
  readonly retain: (night: Night) => { readonly input: RetentionInput; readonly plan: RetentionPlan };
  /** Number of the newest success of each host, by its publications alone, until a plan drops a removed host's. */
  readonly newestSuccesses: ReadonlyMap<string, number>;
}

/** Creates a cache without generations; a day passes with each night that is retained. */
export function createCache(): Cache {
  let generations: readonly RetentionGeneration[] = [];
  let now = FIRST_NIGHT;
  let publications = 0;
  const lastConfiguredAt = new Map<string, Date>();
  const newestSuccesses = new Map<string, number>();

  const publish = ({ built, configuredHosts }: Night): void => {
    for (const host of configuredHosts) lastConfiguredAt.set(host, now);
    for (const [host, version] of built) {
      if (!configuredHosts.has(host)) continue;
      const lastPublication = ++publications;
      const toplevel = `/nix/store/${host}-${version}`;
      const same = generations.find((generation) => generation.toplevel === toplevel);
      const number = same?.number ?? lastPublication;
      const published = { host, number, toplevel, publishedAt: now, lastPublication, good: true };
      generations = [...generations.filter((generation) => generation !== same), published];
      newestSuccesses.set(host, number);
    }
  };
  const retain: Cache["retain"] = ({ keepGenerations, maxCacheSizeBytes, configuredHosts, dismissed }) => {
    generations = generations.map((generation, index) =>
      index === dismissed ? { ...generation, dismissed: true } : generation,
    );
    const policy = { keepGenerations, maxCacheSizeBytes };
    const input = { generations, closures, policy, configuredHosts, lastConfiguredAt, now };
    const plan = planRetention(input);
    for (const { generation } of plan.drops) {
      const isNewest = newestSuccesses.get(generation.host) === generation.number;
      if (isNewest && !configuredHosts.has(generation.host)) newestSuccesses.delete(generation.host);
    }
    generations = listKept(plan);
    now = new Date(now.getTime() + DAY_MS);
    return { input, plan };
  };
  return { publish, retain, newestSuccesses };
}
