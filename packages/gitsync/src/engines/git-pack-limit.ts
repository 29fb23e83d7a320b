import { join } from "node:path";

import { GitSyncError } from "../errors.ts";
import { MAX_PACKS } from "../packs/pack-limit.ts";
import { writeAtomically } from "../repository/git-fs.ts";
import { formatPackList, listPacks } from "../repository/object-store.ts";
import { runGit } from "./git-process.ts";
import type { GitCall } from "./git-process.ts";

/**
 * Lets git make one pack of all packs and loose objects when there are too many; what no ref needs goes. Where that
 * does not succeed, for lack of space say, everything stays as it is, and a later call tries again.
 *
 * @param call repository, environment and limits
 * @throws the signal's reason when aborted
 */
export async function limitPacksByGit(call: Omit<GitCall, "args">): Promise<void> {
  const list = join(call.gitDir, "objects/info/packs");
  if ((await listPacks(call.gitDir)).length <= MAX_PACKS) {
    return;
  }
  // A pack that is on the list and not there counts as lost, also after a crash between two deletions.
  await writeAtomically(list, formatPackList([]));
  try {
    await runGit({ ...call, args: ["repack", "-a", "-d", "-q", "-n"] });
    await runGit({ ...call, args: ["prune", "--expire=now"] });
  } catch (error) {
    call.signal?.throwIfAborted();
    if (!(error instanceof GitSyncError)) {
      throw error;
    }
  }
  await writeAtomically(list, formatPackList(await listPacks(call.gitDir)));
}
