import { createClosureGraph } from "./closure-graph.ts";
import type { RetentionGeneration } from "./generation.ts";
import { RetentionError } from "./retention-error.ts";
import type { RetentionInput } from "./retention-input.ts";

/** The closures of all generations, as ids of their paths. */
export interface ClosureSet {
  /** Path ids of each generation's closure, without duplicates, in the order of the generations. */
  readonly closures: readonly Uint32Array[];
  /** NAR bytes of each path id. */
  readonly narSizes: Float64Array;
  /** 1 for each path id that another root holds. */
  readonly heldElsewhere: Uint8Array;
}

/**
 * Resolves each generation to its closure; one that is not good may have lost its toplevel and roots nothing.
 *
 * @param generations - in the order of the result
 *
 * @throws {@link RetentionError} ERR_RETENTION_MISSING_PATH, ERR_RETENTION_TOO_LARGE
 */
export function resolveClosures(
  generations: readonly RetentionGeneration[],
  { closures: paths, otherRoots = new Set() }: Pick<RetentionInput, "closures" | "otherRoots">,
): ClosureSet {
  const { narSizes, closureOf } = createClosureGraph(paths);
  const closures = generations.map(({ host, number, toplevel, good }) => {
    const closure = closureOf(toplevel);
    if (closure === undefined && good) {
      throw new RetentionError(
        "ERR_RETENTION_MISSING_PATH",
        `expected ${toplevel} in closures, as generation ${number} of ${host} is good`,
        { path: toplevel, host, number },
      );
    }
    return closure ?? new Uint32Array();
  });
  const heldElsewhere = new Uint8Array(narSizes.length);
  for (const root of otherRoots) {
    for (const path of closureOf(root) ?? []) heldElsewhere[path] = 1;
  }
  return { closures, narSizes, heldElsewhere };
}
