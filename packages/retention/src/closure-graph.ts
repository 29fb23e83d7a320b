import { requireCount } from "./arguments.ts";
import { RetentionError } from "./retention-error.ts";
import type { RetentionPath } from "./retention-input.ts";

/** The closures as integers: strings would cost most of the time and memory of a plan. */
export interface ClosureGraph {
  /** NAR bytes of each path id. */
  readonly narSizes: Float64Array;
  /** Gives the path ids of a toplevel's closure, itself included; undefined for an unknown toplevel. */
  readonly closureOf: (toplevel: string) => Uint32Array | undefined;
}

/**
 * Numbers the store paths and their references.
 *
 * @throws {@link RetentionError} ERR_RETENTION_MISSING_PATH for a reference that is not in the map,
 *   ERR_RETENTION_TOO_LARGE where the sizes add up to more than a number can hold exactly
 */
export function createClosureGraph(closures: ReadonlyMap<string, RetentionPath>): ClosureGraph {
  const ids = new Map<string, number>();
  for (const path of closures.keys()) ids.set(path, ids.size);
  const narSizes = readNarSizes(closures);
  const { starts, targets } = readReferences(closures, ids);

  const visitedBy = new Uint32Array(ids.size);
  const found = new Uint32Array(ids.size);
  let walk = 0;
  const closureOf = (toplevel: string): Uint32Array | undefined => {
    const root = ids.get(toplevel);
    if (root === undefined) return undefined;
    walk += 1;
    found[0] = root;
    visitedBy[root] = walk;
    let count = 1;
    for (let next = 0; next < count; next++) {
      const id = found[next] ?? 0;
      const end = starts[id + 1] ?? 0;
      for (let edge = starts[id] ?? 0; edge < end; edge++) {
        const target = targets[edge] ?? 0;
        if (visitedBy[target] === walk) continue;
        visitedBy[target] = walk;
        found[count++] = target;
      }
    }
    return found.slice(0, count);
  };
  return { narSizes, closureOf };
}

function readNarSizes(closures: ReadonlyMap<string, RetentionPath>): Float64Array {
  const narSizes = new Float64Array(closures.size);
  let id = 0;
  let total = 0;
  for (const [path, { narSize }] of closures) {
    requireCount(narSize, `narSize of ${path}`);
    narSizes[id++] = narSize;
    total += narSize;
  }
  if (total > Number.MAX_SAFE_INTEGER) {
    throw new RetentionError(
      "ERR_RETENTION_TOO_LARGE",
      `expected at most ${Number.MAX_SAFE_INTEGER} NAR bytes in all, got ${total}`,
    );
  }
  return narSizes;
}

interface Edges {
  /** Where the references of each path id start in `targets`; one more entry closes the last. */
  readonly starts: Uint32Array;
  readonly targets: Uint32Array;
}

function readReferences(
  closures: ReadonlyMap<string, RetentionPath>,
  ids: ReadonlyMap<string, number>,
): Edges {
  let edgeCount = 0;
  for (const { references } of closures.values()) edgeCount += references.length;
  const starts = new Uint32Array(closures.size + 1);
  const targets = new Uint32Array(edgeCount);
  let id = 0;
  let edge = 0;
  for (const [path, { references }] of closures) {
    for (const reference of references) {
      const target = ids.get(reference);
      if (target === undefined) {
        throw new RetentionError(
          "ERR_RETENTION_MISSING_PATH",
          `expected ${reference} in closures, as ${path} refers to it`,
          { path: reference },
        );
      }
      targets[edge++] = target;
    }
    starts[++id] = edge;
  }
  return { starts, targets };
}
