import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-codes.ts";
import type { Revision } from "../git/revision.ts";
import { reasonOf } from "../reason.ts";
import type { RunDeps } from "../run-deps.ts";
import type { Run } from "../run.ts";

/** The revision that the run builds, and whether it is the newest. */
export interface Source {
  /**
   * `synced`: the remote's; `previous`: an earlier checkout, the remote being out of reach; `kept`: an earlier checkout,
   * as was asked for.
   */
  readonly state: "synced" | "previous" | "kept";
  readonly checkout: Revision;
}

/**
 * Brings the checkout to the remote's revision. When that fails, an earlier checkout of the same branch serves.
 *
 * @throws {CommandError} 69 when there is no earlier checkout either
 */
export async function syncSource({ git, log, ...deps }: RunDeps, run: Run): Promise<Source> {
  try {
    const checkout = await run.step("sync", () => git.sync(deps.signal));
    run.record.sync({ syncState: "synced", revision: checkout.revision });
    log.info({ revision: checkout.revision }, "repository synced");
    return { state: "synced", checkout };
  } catch (cause) {
    deps.signal.throwIfAborted();
    const reason = reasonOf(cause);
    const checkout = await git.readPrevious();
    if (checkout === undefined) throw noCheckout(deps, run, { problem: `cannot sync: ${reason}`, cause });
    run.record.sync({ syncState: "previous-checkout", revision: checkout.revision });
    log.warn({ reason, revision: checkout.revision }, "sync failed: the previous checkout serves");
    return { state: "previous", checkout };
  }
}

/**
 * Takes the checkout as an earlier sync left it.
 *
 * @throws {CommandError} 69 when there is none
 */
export async function keepSource({ git, log, ...deps }: RunDeps, run: Run): Promise<Source> {
  const checkout = await git.readPrevious();
  if (checkout === undefined)
    throw noCheckout(deps, run, { problem: "there is nothing to build without a sync" });
  run.record.sync({ syncState: "previous-checkout", revision: checkout.revision });
  log.info({ revision: checkout.revision }, "not synced, as was asked for: the previous checkout serves");
  return { state: "kept", checkout };
}

interface NoCheckout extends ErrorOptions {
  readonly problem: string;
}

function noCheckout(
  { config }: Pick<RunDeps, "config">,
  run: Run,
  { problem, ...options }: NoCheckout,
): CommandError {
  run.record.sync({ syncState: "none" });
  const { flakePath } = config.builder;
  return new CommandError(`${problem}: there is no earlier checkout at ${flakePath}`, EXIT.noSource, options);
}
