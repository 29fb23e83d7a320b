import type { RetentionGeneration, RetentionInput, RetentionPath } from "@nix-cache/retention";

/** How large a fleet is. */
export interface FleetSize {
  readonly hosts: number;
  readonly generationsPerHost: number;
  readonly pathsPerClosure: number;
}

const PUBLISHED_AT = new Date("2026-01-01T02:00:00Z");
const DAY_MS = 24 * 60 * 60 * 1000;
const NAR_BYTES = 1_000_000;

/** One path in 50 is a host's own in each generation: what its configuration makes. */
const OWN_SHARE = 1 / 50;
/** One path in 20 changes from night to night for all hosts alike: what an update of nixpkgs rebuilds. */
const NIGHTLY_SHARE = 1 / 20;

/** Most store paths refer to a few others; a NixOS closure has 6 for each path on average. */
const REFERENCES = 6;

/**
 * Makes up a fleet whose closures are mostly shared, by its hosts and by its nights, and a cap that lets about two
 * thirds of the generations stay.
 */
export function createFleet({ hosts, generationsPerHost, pathsPerClosure }: FleetSize): RetentionInput {
  const ownPaths = Math.round(pathsPerClosure * OWN_SHARE);
  const nightlyPaths = Math.round(pathsPerClosure * NIGHTLY_SHARE);
  const closures = new Map<string, RetentionPath>();
  const shared = addChain(closures, "shared", pathsPerClosure - nightlyPaths - ownPaths);
  const generations: RetentionGeneration[] = [];
  for (let number = 1; number <= generationsPerHost; number++) {
    const nightly = addChain(closures, `night-${number}`, nightlyPaths, shared);
    for (let index = 0; index < hosts; index++) {
      const host = `host-${index}`;
      const toplevel = addChain(closures, `${host}-${number}`, ownPaths, nightly);
      const lastPublication = generations.length + 1;
      generations.push({ host, number, toplevel, publishedAt: PUBLISHED_AT, lastPublication, good: true });
    }
  }
  return {
    generations,
    closures,
    policy: { keepGenerations: 0, maxCacheSizeBytes: Math.round((closures.size * NAR_BYTES * 2) / 3) },
    configuredHosts: new Set(generations.map(({ host }) => host)),
    now: new Date(PUBLISHED_AT.getTime() + DAY_MS),
  };
}

/** Adds paths of which each refers to those just before it, the first to `base`; gives the last. */
function addChain(closures: Map<string, RetentionPath>, kind: string, count: number, base?: string): string {
  let before = base === undefined ? [] : [base];
  let last = base ?? "";
  for (let index = 0; index < count; index++) {
    // As long as the path of a usual package, in a string of its own as JSON.parse gives it.
    last = Buffer.from(`/nix/store/${String(index).padStart(32, "0")}-${kind}-of-usual-length`).toString();
    closures.set(last, { narSize: NAR_BYTES, references: before });
    before = [...before, last].slice(-REFERENCES);
  }
  return last;
}
