import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-codes.ts";
import type { Revision } from "../git/revision.ts";
import { reasonOf } from "../reason.ts";
import type { RunDeps } from "../run-deps.ts";
import type { Run } from "../run.ts";

/** The revision that the run builds, and whether it is the newest. */
export interface Source {
  /** `synced`: the remote's; `previous`: an earlier checkout, the remote being out of reach. */
  readonly state: "synced" | "previous";
  readonly checkout: Revision;
}

/**
 * Brings the checkout to the remote's revision. When that fails, an earlier checkout of the same branch serves.
 *
 * @throws {CommandError} 69 when there is no earlier checkout either
 */
export async function syncSource({ config, git, history, log, signal }: RunDeps, run: Run): Promise<Source> {
  try {
    const checkout = await run.step("sync", () => git.sync(signal));
    history.recordSync(run.id, { syncState: "synced", revision: checkout.revision });
    log.info({ revision: checkout.revision }, "repository synced");
    return { state: "synced", checkout };
  } catch (cause) {
    signal.throwIfAborted();
    const reason = reasonOf(cause);
    const checkout = await git.readPrevious();
    if (checkout === undefined) {
      history.recordSync(run.id, { syncState: "none" });
      throw new CommandError(
        `cannot sync, and there is no earlier checkout at ${config.builder.flakePath}: ${reason}`,
        EXIT.noSource,
        { cause },
      );
    }
    history.recordSync(run.id, { syncState: "previous-checkout", revision: checkout.revision });
    log.warn({ reason, revision: checkout.revision }, "sync failed: the previous checkout serves");
    return { state: "previous", checkout };
  }
}
