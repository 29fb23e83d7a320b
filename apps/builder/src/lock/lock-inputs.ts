import type { LockInput } from "@nix-cache/history";

import { createResolver, type LockNode, MAX_DEPTH, parseLockGraph } from "./lock-graph.ts";
import { formatInputUrl } from "./lock-url.ts";

/** Largest number of seconds that a Date takes. */
const MAX_SECONDS = 8.64e12;

/** An input with its inputs yet to be listed. */
interface Place {
  readonly name: string;
  /** How many inputs the path has. */
  readonly depth: number;
  readonly node: LockNode;
}

/**
 * Lists what a flake.lock pins: every input under its path from the root, those that follow another with what that one
 * is pinned to. Whatever the bytes are, it ends, in time and room for their size.
 *
 * @returns by depth, then as in the file; undefined for anything but a flake.lock of a known version
 * @see https://nix.dev/manual/nix/latest/command-ref/new-cli/nix3-flake#lock-files
 */
export function parseLockInputs(lock: Uint8Array): readonly LockInput[] | undefined {
  const graph = parseLockGraph(lock);
  if (graph === undefined) return undefined;
  const resolve = createResolver(graph);
  const inputs = new Map<string, LockInput>();
  // Each node's inputs are listed where it is met first: once for each way to it would be without end.
  const listed = new Set<string>([graph.root.key]);
  const places: Place[] = [{ name: "", depth: 0, node: graph.root }];
  for (const place of places) {
    for (const [segment, edge] of place.node.inputs) {
      const node = resolve(edge);
      // Names that are no Unicode would become one and the same where they are stored.
      const name = (place.name === "" ? segment : `${place.name}/${segment}`).toWellFormed();
      if (node === undefined || inputs.has(name)) continue;
      inputs.set(name, toLockInput(name, node));
      const depth = place.depth + 1;
      if (typeof edge !== "string" || listed.has(node.key) || depth === MAX_DEPTH) continue;
      listed.add(node.key);
      places.push({ name, depth, node });
    }
  }
  return [...inputs.values()];
}

function toLockInput(name: string, node: LockNode): LockInput {
  const { lastModified, narHash, rev, type } = node.locked;
  return {
    name,
    type: typeof type === "string" ? type : "unknown",
    url: formatInputUrl(node),
    ...(typeof rev === "string" ? { rev } : {}),
    ...(isSeconds(lastModified) ? { lastModified: new Date(lastModified * 1000) } : {}),
    ...(typeof narHash === "string" ? { narHash } : {}),
  };
}

function isSeconds(value: unknown): value is number {
  return Number.isInteger(value) && Math.abs(Number(value)) <= MAX_SECONDS;
}
