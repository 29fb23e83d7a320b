import { dirname, normalize } from "node:path";

import { type LockGraph, type LockNode, MAX_DEPTH, parseLockGraph } from "./lock-graph.ts";
import { formatInputUrl } from "./lock-url.ts";

/** An input that is, or may be, a file of the machine that locks it. */
export interface LocalInput {
  /** Path of inputs from the root, parts separated by slashes. */
  readonly name: string;
  readonly url: string;
}

/** Types of inputs whose address may be that of a file. */
const FETCHED = new Set<unknown>(["file", "git", "hg", "tarball"]);

/**
 * Finds inputs that nobody but an input's author chose, and that are files of the machine: Nix copies them into the
 * store, whatever the account may read. What the root flake itself names is its author's to choose, and what is in the
 * store every user can read.
 *
 * @param storeDir logical store directory
 * @returns none for anything but a flake.lock of a known version
 * @see https://nix.dev/manual/nix/latest/command-ref/new-cli/nix3-flake#lock-files
 */
export function findLocalInputs(lock: Uint8Array, storeDir: string): readonly LocalInput[] {
  const graph = parseLockGraph(lock);
  if (graph === undefined) return [];
  const names = nameNodes(graph);
  const chosen = new Set([graph.root.key, ...graph.root.inputs.values()].filter(isKey));
  return [...graph.nodes.values()]
    .filter((node) => !chosen.has(node.key) && isLocal(node, storeDir))
    .map((node) => ({ name: names.get(node.key) ?? node.key, url: formatInputUrl(node) }));
}

function isLocal({ hasParent, locked }: LockNode, storeDir: string): boolean {
  const { path, type, url } = locked;
  // Before 2.26, which writes the parent, Nix follows links from one input's source to anywhere.
  if (type === "path") return !(isAbsolute(path) ? isStorePath(path, storeDir) : hasParent);
  return FETCHED.has(type) && typeof url === "string" && /^\s*(?:file:|\/)/i.test(url);
}

function isAbsolute(path: unknown): path is string {
  return typeof path === "string" && path.startsWith("/");
}

/** What is below a path of the store may be reached by a link to elsewhere. */
function isStorePath(path: string, storeDir: string): boolean {
  return dirname(normalize(path)) === storeDir && normalize(path) === path;
}

/** Names each node by the first, and shortest, way to it. */
function nameNodes({ nodes, root }: LockGraph): ReadonlyMap<string, string> {
  const names = new Map([[root.key, ""]]);
  const places = [{ node: root, depth: 0 }];
  for (const { depth, node } of places) {
    if (depth === MAX_DEPTH) continue;
    for (const [segment, edge] of node.inputs) {
      const next = isKey(edge) ? nodes.get(edge) : undefined;
      if (next === undefined || names.has(next.key)) continue;
      const parent = names.get(node.key) ?? "";
      names.set(next.key, (parent === "" ? segment : `${parent}/${segment}`).toWellFormed());
      places.push({ node: next, depth: depth + 1 });
    }
  }
  return names;
}

function isKey(edge: unknown): edge is string {
  return typeof edge === "string";
}
