import { join } from "node:path";

import type { TreeListing } from "../checkout/tree-listing.ts";
import type { Engine } from "../engines/engine.ts";
import { openEngine } from "../engines/open-engine.ts";
import type { EngineOptions } from "../engines/open-engine.ts";
import { GitSyncError, messageOf } from "../errors.ts";
import { toFileError } from "../failure.ts";
import type { Commit, ObjectReader } from "../repository/objects.ts";
import type { SyncDirectory } from "../repository/sync-directory.ts";
import { hideCredentials } from "../transport/remote-url.ts";
import { listSubmodules } from "./git-modules.ts";
import type { Submodule } from "./git-modules.ts";
import { hasModuleDir, toModuleDir } from "./modules-dir.ts";
import { prepareStore } from "./submodule-store.ts";
import { isSameOrigin, resolveSubmoduleUrl } from "./submodule-url.ts";

/** Most repositories inside each other; the pins are hashes, so there is no circle, but a chain can be long. */
const MAX_SUBMODULE_DEPTH = 10;

/** Most submodules of one sync, nested ones included: a few small repositories can name each other 10^10 times. */
const MAX_SUBMODULES = 1000;

/** A submodule whose pinned commit is there, with all its trees. */
export interface PreparedSubmodule extends Submodule {
  /** Its address in full, without secrets. */
  readonly remote: string;
  /** Where its repository is: in its place below .git/modules, or, until it is installed there, elsewhere. */
  readonly storeDir: string;
  readonly engine: Engine;
  /** What of it is brought. */
  readonly options: Pick<EngineOptions, "filter" | "lfs">;
  readonly commit: Commit;
  /** The commit's tree. */
  readonly listing: TreeListing;
  /** Its own submodules. */
  readonly nested: readonly PreparedSubmodule[];
}

/** A repository whose submodules are wanted. */
export interface Superproject {
  readonly gitDir: string;
  readonly reader: ObjectReader;
  readonly commit: Commit;
  /** The commit's tree. */
  readonly listing: TreeListing;
  /** Its address in full; it may hold a password. */
  readonly url: string;
}

/** What all submodules of one sync have in common. */
export interface SubmoduleJob {
  /** How the repository that has them is reached. */
  readonly options: EngineOptions;
  readonly directory: SyncDirectory;
  /** Engines opened so far, one for each submodule; whoever made the list closes them. */
  readonly engines: Engine[];
}

/**
 * Brings the objects of all submodules of a commit, and of theirs. Changes no checkout: what is there gets more objects,
 * what is not, or is damaged, is made beside it.
 *
 * @param job what they have in common
 * @param parent the repository that has them
 * @param paths paths of the submodules that this one is in, outermost first
 * @throws GitSyncError ERR_GITSYNC_TREE, ERR_GITSYNC_SUBMODULE, and the codes of a fetch
 */
export async function prepareSubmodules(
  job: SubmoduleJob,
  parent: Superproject,
  paths: readonly string[] = [],
): Promise<readonly PreparedSubmodule[]> {
  const { options } = job;
  const prepared: PreparedSubmodule[] = [];
  for (const submodule of await listSubmodules(parent.reader, parent.listing)) {
    const inner = [...paths, submodule.path];
    checkBounds(job, inner);
    try {
      const child = await openSubmodule(job, parent, submodule);
      const nested = await prepareSubmodules(job, child, inner);
      const remote = hideCredentials(child.url);
      const { commit, engine, gitDir: storeDir, listing } = child;
      prepared.push({ ...submodule, commit, engine, listing, nested, options, remote, storeDir });
    } catch (error) {
      options.signal?.throwIfAborted();
      throw explainFailure(error, submodule.path);
    }
  }
  return prepared;
}

async function openSubmodule(
  { directory, engines, options }: SubmoduleJob,
  parent: Superproject,
  { name, revision, url: address }: Submodule,
): Promise<Superproject & { readonly engine: Engine }> {
  const url = resolveSubmoduleUrl(parent.url, address);
  const engine = openEngine(toSubmoduleOptions(options, url));
  const newStoreDir = join(directory.submodulesDir, String(engines.push(engine)));
  const isThere = await hasModuleDir(parent.gitDir, name);
  const { storeDir, ...tree } = await prepareStore({
    engine,
    storeDir: isThere ? toModuleDir(parent.gitDir, name) : undefined,
    newStoreDir,
    incomingDir: directory.incomingDir,
    revision,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  return { engine, gitDir: storeDir, reader: engine.createReader(storeDir), ...tree, url };
}

/** A token is for the repository that it was given for, and for others of the same user on the same server. */
function toSubmoduleOptions(options: EngineOptions, url: string): EngineOptions {
  const { http, ...others } = options;
  return http !== undefined && isSameOrigin(options.url, url) ? { ...others, http, url } : { ...others, url };
}

function checkBounds({ engines }: SubmoduleJob, paths: readonly string[]): void {
  if (paths.length > MAX_SUBMODULE_DEPTH || engines.length >= MAX_SUBMODULES) {
    throw new GitSyncError(
      "ERR_GITSYNC_TREE",
      `expected at most ${MAX_SUBMODULES} submodules, ${MAX_SUBMODULE_DEPTH} inside each other, got more`,
    );
  }
}

/** Says which submodule it was. Its damage must not look as if a new clone of the repository that has it were the cure. */
function explainFailure(error: unknown, path: string): unknown {
  const known = toFileError(error);
  if (known instanceof TypeError || known instanceof RangeError) {
    return known;
  }
  const code = known instanceof GitSyncError ? known.code : "ERR_GITSYNC_SUBMODULE";
  const { exitCode, stderr } = known instanceof GitSyncError ? known : {};
  return new GitSyncError(
    code === "ERR_GITSYNC_CORRUPT" ? "ERR_GITSYNC_SUBMODULE" : code,
    `submodule ${JSON.stringify(path)}: ${messageOf(known)}`,
    {
      cause: error,
      ...(exitCode === undefined ? {} : { exitCode }),
      ...(stderr === undefined ? {} : { stderr }),
    },
  );
}
