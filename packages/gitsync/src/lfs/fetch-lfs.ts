import { runGit } from "../engines/git-process.ts";
import { REMOTE_NAME } from "../engines/git-remote.ts";
import { GitSyncError } from "../errors.ts";
import { toLfsError } from "./lfs-failure.ts";
import { hasLfsObject, moveLfsObject } from "./lfs-objects.ts";
import type { LfsPointer } from "./lfs-pointer.ts";
import type { LfsRepository } from "./lfs-repository.ts";

/** What the configuration of a machine or a repository must not change. */
const SETTINGS: readonly string[] = [
  // What is not there fails the sync, and the next one tries again.
  "lfs.transfer.maxretries=3",
  // ssh is called with options that say so already.
  "lfs.ssh.automultiplex=false",
];

/** What to fetch, and where to. */
export interface LfsFetch {
  /** The .git directory that shall have the contents; what it has is not fetched again. */
  readonly gitDir: string;
  /** The commit whose tree has the pointers. */
  readonly revision: string;
  readonly pointers: readonly LfsPointer[];
  /** Where the contents are, if not where git-lfs looks for them by itself. */
  readonly url: string | undefined;
}

/**
 * Lets git-lfs fetch the contents that pointers stand for, and adds them to a repository once all are there and whole.
 *
 * @param repository where git-lfs works
 * @param wanted what to fetch
 * @throws GitSyncError ERR_GITSYNC_LFS when the server lacks some, or sends others; ERR_GITSYNC_COMMAND without git-lfs;
 *   the codes of the remote
 * @see https://github.com/git-lfs/git-lfs/blob/main/docs/man/git-lfs-fetch.adoc
 */
export async function fetchLfsObjects(repository: LfsRepository, wanted: LfsFetch): Promise<void> {
  const { gitDir, pointers } = wanted;
  const { signal } = repository.call;
  const missing = await selectMissing(gitDir, pointers, signal);
  if (missing.length === 0) {
    return;
  }
  const present = pointers.filter((pointer) => pointer.size > 0 && !missing.includes(pointer));
  await repository.addObjects(gitDir, present);
  const failure = await runLfsFetch(repository, wanted);
  const [absent] = await selectMissing(repository.gitDir, missing, signal);
  if (absent !== undefined) {
    throw failure ?? absentError(absent, repository.call.remote);
  }
  for (const pointer of missing) {
    await moveLfsObject(repository.gitDir, gitDir, pointer);
  }
}

/** git-lfs also asks for pointers that no attribute makes files of Git LFS: that it fails does not say what is missing. */
async function runLfsFetch(
  { call }: LfsRepository,
  { revision, url }: LfsFetch,
): Promise<GitSyncError | undefined> {
  const address = url === undefined ? [] : [`lfs.url=${url}`];
  const settings = [...(call.settings ?? []), ...SETTINGS, ...address];
  // A repository may exclude some by its own configuration; Nix needs them all the same.
  const args = ["lfs", "fetch", "--include=", "--exclude=", REMOTE_NAME, revision];
  try {
    await runGit({ ...call, settings, args });
    return undefined;
  } catch (error) {
    call.signal?.throwIfAborted();
    const failure = toLfsError(call.remote, error);
    if (failure === undefined) {
      throw error;
    }
    return failure;
  }
}

async function selectMissing(
  gitDir: string,
  pointers: readonly LfsPointer[],
  signal: AbortSignal | undefined,
): Promise<readonly LfsPointer[]> {
  const missing: LfsPointer[] = [];
  for (const pointer of pointers) {
    if (!(await hasLfsObject(gitDir, pointer, signal))) {
      missing.push(pointer);
    }
  }
  return missing;
}

function absentError({ oid, size }: LfsPointer, remote: string): GitSyncError {
  return new GitSyncError(
    "ERR_GITSYNC_LFS",
    `expected object ${oid} of ${size} bytes from the Git LFS of ${remote}, and it did not come whole: push it with \`git lfs push --all\``,
  );
}
