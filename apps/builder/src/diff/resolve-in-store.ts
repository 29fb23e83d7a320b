/** A directory entry as it is, no link followed. */
export type StoreNode =
  | { readonly type: "link"; readonly target: string }
  /** `special`: a FIFO, a socket or a device, which no path of a sound store has. */
  | { readonly type: "file" | "directory" | "special" | "missing" };

/** What a path leads to once every link is followed. */
export type StoreEntry =
  /** `path` is logical, without links. */
  | { readonly type: "file" | "directory" | "special"; readonly path: string }
  /** `outside`: a link leads out of the store. */
  | { readonly type: "missing" | "outside" };

/** Linux follows as many links in one path. */
const MAX_LINKS = 40;

/** How far a path was followed, and the names that are left. */
interface Position {
  readonly reached: string;
  readonly pending: readonly string[];
}

/**
 * Follows the links of a path within a logical store directory: the kernel would take the logical path of a chroot store for
 * one of the machine's, and leave the store where a link says so.
 */
export async function resolveInStore(
  path: string,
  storeDir: string,
  lookUp: (path: string) => Promise<StoreNode>,
): Promise<StoreEntry> {
  let position = enter(path, storeDir, []);
  let type: "file" | "directory" | "special" = "directory";
  let links = 0;
  while (position !== undefined) {
    const { reached }: Position = position;
    const [name, ...pending]: readonly string[] = position.pending;
    if (name === undefined) return { type, path: reached };
    if (name === "..") {
      position = goUp(reached, pending, storeDir);
      continue;
    }
    const node = await lookUp(`${reached}/${name}`);
    if (node.type === "link") {
      links += 1;
      position = follow(node.target, { reached, pending }, storeDir);
    } else {
      const isEnd = node.type !== "directory" && pending.length > 0;
      if (node.type === "missing" || isEnd) return { type: "missing" };
      type = node.type;
      position = { reached: `${reached}/${name}`, pending };
    }
    if (links > MAX_LINKS) return { type: "missing" };
  }
  return { type: "outside" };
}

function enter(path: string, storeDir: string, pending: readonly string[]): Position | undefined {
  if (!path.startsWith(`${storeDir}/`)) return undefined;
  return { reached: storeDir, pending: [...splitNames(path.slice(storeDir.length)), ...pending] };
}

function follow(target: string, { reached, pending }: Position, storeDir: string): Position | undefined {
  if (target.startsWith("/")) return enter(target, storeDir, pending);
  return { reached, pending: [...splitNames(target), ...pending] };
}

/** Nothing that was reached has links in it, so the directory above is the one in its name. */
function goUp(reached: string, pending: readonly string[], storeDir: string): Position | undefined {
  if (reached === storeDir) return undefined;
  return { reached: reached.slice(0, reached.lastIndexOf("/")), pending };
}

function splitNames(path: string): readonly string[] {
  return path.split("/").filter((name) => name !== "" && name !== ".");
}
