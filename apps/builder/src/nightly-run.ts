import { mkdir } from "node:fs/promises";

import type { FinishedRun, HostResult } from "@nix-cache/history";

import { CommandError } from "./command-error.ts";
import { EXIT } from "./exit-codes.ts";
import { reasonOf } from "./reason.ts";
import type { RunDeps } from "./run-deps.ts";
import { type Run, startRun } from "./run.ts";
import { closeKilledRuns } from "./steps/close-killed-runs.ts";
import { type HostJob, processHost } from "./steps/host.ts";
import { type Reconciliation, reconcile } from "./steps/reconcile.ts";
import { abandonRun, reportRun, type RunFindings } from "./steps/report.ts";
import { retainGenerations } from "./steps/retain.ts";
import { selectHosts } from "./steps/select-hosts.ts";
import { warnOfUnusableKey } from "./steps/sign.ts";
import { keepSource, type Source, syncSource } from "./steps/sync.ts";
import { type LockedFlake, updateInputs } from "./steps/update.ts";
import { firstLineOf } from "./text/safe-text.ts";

/** What a run is to do besides the configuration. */
export interface RunOrder {
  /** Whether the checkout is brought to the remote's revision; else an earlier one serves. */
  readonly sync: boolean;
  /** Hosts to build; absent: all. */
  readonly hosts?: readonly string[];
}

/**
 * Does a night's work: sync, update, then evaluate, build, sign and publish each host, retain, report.
 * The caller holds the run lock.
 *
 * @returns how the run ended
 * @throws {@link CommandError} when it did not come to its hosts, or was stopped
 */
export async function runNightly(deps: RunDeps, order: RunOrder): Promise<FinishedRun["status"]> {
  await closeKilledRuns(deps);
  const run = startRun(deps);
  deps.log.info({ run: run.id, nix: deps.nix.version.text }, "run started");
  return reportRun(deps, run, await findOut(deps, run, order));
}

async function findOut(deps: RunDeps, run: Run, order: RunOrder): Promise<RunFindings> {
  try {
    await mkdir(run.directory, { recursive: true });
    const reconciliation = await reconcile(deps);
    await warnOfUnusableKey(deps);
    const source = await (order.sync ? syncSource : keepSource)(deps, run);
    const flake = await updateInputs(deps, run, source);
    const hosts = await selectHosts(deps, { run, flake, ...(order.hosts && { wanted: order.hosts }) });
    const results = await processHosts(deps, { run, flake, hosts });
    const unretained = await retain(deps, run, reconciliation);
    const shortcomings = [...reconciliation.shortcomings, ...shortcomingsOf(source, flake), ...unretained];
    return { results, shortcomings };
  } catch (cause) {
    const reason = reasonOf(deps.signal.aborted ? deps.signal.reason : cause);
    await abandonRun(deps, run, reason);
    throw cause instanceof CommandError ? cause : new CommandError(reason, EXIT.failed, { cause });
  }
}

interface HostsJob extends Omit<HostJob, "host"> {
  readonly hosts: readonly string[];
}

/** One after the other: two evaluations at once need the memory of both. */
async function processHosts(deps: RunDeps, { hosts, ...job }: HostsJob): Promise<readonly HostResult[]> {
  const results: HostResult[] = [];
  for (const host of hosts) {
    const result = await processHost(deps, { ...job, host });
    if (result === undefined) {
      deps.log.warn({ host }, "host skipped: this machine cannot build for its system");
      continue;
    }
    deps.history.recordHostResult(result);
    logResult(deps, result);
    results.push(result);
  }
  return results;
}

function logResult({ log }: RunDeps, result: HostResult): void {
  const { host, durationMs } = result;
  const seconds = durationMs / 1000;
  if (result.state === "failed") {
    log.error({ host, step: result.failedStep, reason: result.reason, seconds }, "host failed");
  } else {
    log.info(
      { host, generation: result.generation, toplevel: result.toplevel, seconds },
      `host ${result.state}`,
    );
  }
}

function shortcomingsOf(source: Source, flake: LockedFlake): readonly string[] {
  return [
    ...(source.state === "previous"
      ? ["the repository could not be synced: the previous checkout was built"]
      : []),
    ...(flake.updateReason !== undefined
      ? [`the inputs could not be updated: the committed lock was used: ${firstLineOf(flake.updateReason)}`]
      : []),
  ];
}

/** What cannot be let go of tonight can be tomorrow: the hosts are published already. */
async function retain(deps: RunDeps, run: Run, reconciliation: Reconciliation): Promise<readonly string[]> {
  try {
    await run.step("retain", () => retainGenerations(deps, { reconciliation, run: run.id }));
    return [];
  } catch (error) {
    deps.signal.throwIfAborted();
    deps.log.error({ reason: reasonOf(error) }, "retention failed");
    return [`old generations could not be let go of: ${reasonOf(error)}`];
  }
}
