/** A record of a flake.lock whose values are yet to be looked at. */
export type LockRecord = Readonly<Record<string, unknown>>;

/** A node of a flake.lock: an input as it is pinned, with its own inputs. */
export interface LockNode {
  readonly key: string;
  /** Where the input was said to come from. */
  readonly original: LockRecord;
  /** What it is pinned to. */
  readonly locked: LockRecord;
  readonly inputs: ReadonlyMap<string, LockEdge>;
  /** Whether Nix looks for it in the source of another input, or of the root; since 2.26, for relative paths. */
  readonly hasParent: boolean;
}

/** What an input is: the key of a node, or the path of inputs from the root that it follows. */
export type LockEdge = string | readonly string[];

/** A flake.lock as it is written. */
export interface LockGraph {
  readonly root: LockNode;
  readonly nodes: ReadonlyMap<string, LockNode>;
}

/** Those that Nix reads; see LockFile::LockFile in src/libflake/lockfile.cc. */
const VERSIONS = new Set<unknown>([5, 6, 7]);

/** Longer paths of inputs, and longer rows of inputs that follow one another, nobody writes. */
export const MAX_DEPTH = 64;

/**
 * Reads the nodes of a flake.lock; what is not what it should be is left out.
 *
 * @returns undefined for anything but a flake.lock of a known version
 */
export function parseLockGraph(lock: Uint8Array): LockGraph | undefined {
  const { nodes, root, version } = toRecord(parseJson(lock));
  if (!VERSIONS.has(version) || typeof root !== "string") return undefined;
  const known = new Map(Object.entries(toRecord(nodes)).map(([key, node]) => [key, toNode(key, node)]));
  const rootNode = known.get(root);
  return rootNode && { root: rootNode, nodes: known };
}

/**
 * Creates the answer to what an input is, whatever it follows: undefined where that leads nowhere, in a circle, or
 * further than any real one. Each path is followed once, so that no lock takes longer than its size.
 */
export function createResolver({ root, nodes }: LockGraph): (edge: LockEdge) => LockNode | undefined {
  const resolved = new Map<string, LockNode | undefined>();
  const resolve = (edge: LockEdge, depth: number): LockNode | undefined => {
    if (typeof edge === "string") return nodes.get(edge);
    if (depth > MAX_DEPTH || edge.length > MAX_DEPTH) return undefined;
    const name = JSON.stringify(edge);
    if (resolved.has(name)) return resolved.get(name);
    // What is asked for again while it is being answered goes in a circle.
    resolved.set(name, undefined);
    let node: LockNode | undefined = root;
    for (const segment of edge) {
      const next: LockEdge | undefined = node?.inputs.get(segment);
      node = next === undefined ? undefined : resolve(next, depth + 1);
    }
    resolved.set(name, node);
    return node;
  };
  return (edge) => resolve(edge, 0);
}

function toNode(key: string, value: unknown): LockNode {
  const { inputs, locked, original, parent } = toRecord(value);
  const edges = Object.entries(toRecord(inputs)).flatMap(([name, edge]) =>
    isEdge(edge) ? [[name, edge] as const] : [],
  );
  return {
    key,
    original: toRecord(original),
    locked: toRecord(locked),
    inputs: new Map(edges),
    hasParent: Array.isArray(parent),
  };
}

function isEdge(value: unknown): value is LockEdge {
  if (typeof value === "string") return true;
  return Array.isArray(value) && value.every((segment) => typeof segment === "string");
}

function toRecord(value: unknown): LockRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}
