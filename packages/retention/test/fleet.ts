import type { RetentionGeneration, RetentionInput, RetentionPath } from "../src/index.ts";

/** How large a fleet is, and how much its closures share. */
export interface FleetSize {
  readonly hosts: number;
  readonly generationsPerHost: number;
  readonly pathsPerClosure: number;
  /** Paths of a closure that no other generation has. */
  readonly ownPaths: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const PUBLISHED_AT = new Date("2026-01-01T02:00:00Z");

/** A store path as long as a real one. */
function pathName(kind: string, index: number): string {
  return `/nix/store/${String(index).padStart(32, "0")}-${kind}-of-a-usual-length-1.2.3`;
}

/** Adds a chain of paths, each of which refers to some before it; returns the last. */
function addPaths(
  closures: Map<string, RetentionPath>,
  kind: string,
  count: number,
  base: readonly string[],
): string {
  const names = [...base];
  for (let index = 0; index < count; index++) {
    const references = [...names.slice(-6), ...base.slice(-1)];
    const name = pathName(kind, index);
    closures.set(name, { narSize: 1_000_000 + index, references });
    names.push(name);
  }
  return names.at(-1) ?? "";
}

/** Builds the input for a fleet whose cap leaves two generations of each host in three. */
export function createFleet(size: FleetSize): RetentionInput {
  const closures = new Map<string, RetentionPath>();
  const shared = addPaths(closures, "shared", size.pathsPerClosure - size.ownPaths, []);
  const generations: RetentionGeneration[] = [];
  for (let number = 1; number <= size.generationsPerHost; number++) {
    for (let host = 0; host < size.hosts; host++) {
      const toplevel = addPaths(closures, `host${host}-${number}`, size.ownPaths, [shared]);
      const lastPublication = generations.length + 1;
      generations.push({
        host: `host${host}`,
        number,
        toplevel,
        publishedAt: PUBLISHED_AT,
        lastPublication,
        good: true,
      });
    }
  }
  const ownBytes = generations.length * size.ownPaths * 1_000_000;
  return {
    generations,
    closures,
    policy: {
      keepGenerations: 0,
      maxCacheSizeBytes: Math.round((ownBytes * 2) / 3) + size.pathsPerClosure * 1_000_000,
    },
    configuredHosts: new Set(generations.map(({ host }) => host)),
    now: new Date(PUBLISHED_AT.getTime() + DAY_MS),
  };
}
