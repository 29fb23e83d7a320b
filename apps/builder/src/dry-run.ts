import { mkdir, rm } from "node:fs/promises";

import type { LockInput } from "@nix-cache/history";
import type { BuildPlan } from "@nix-cache/nix-exec";

import { readIfPresent } from "./lock-file.ts";
import { type InputChange, listInputChanges } from "./lock/input-changes.ts";
import { parseLockInputs } from "./lock/lock-inputs.ts";
import type { RunOrder } from "./nightly-run.ts";
import { reasonOf } from "./reason.ts";
import type { RunDeps } from "./run-deps.ts";
import { type Run, startDryRun } from "./run.ts";
import { evaluateHost } from "./steps/evaluate.ts";
import { selectHosts } from "./steps/select-hosts.ts";
import { keepSource, type Source, syncSource } from "./steps/sync.ts";
import { type LockedFlake, updateInputs } from "./steps/update.ts";

/** What a run would do for a host, or why it would fail. */
export type HostPlan =
  | ({ readonly type: "planned"; readonly host: string; readonly drvPath: string } & BuildPlan)
  | { readonly type: "failed"; readonly host: string; readonly reason: string };

/** What a run would do. */
export interface DryRun {
  readonly revision: string;
  readonly branch: string;
  /** `synced`: the remote's; `previous`: the remote is out of reach; `kept`: not synced, as was asked for. */
  readonly source: Source["state"];
  /** `failed`: the committed lock would serve. */
  readonly update: LockedFlake["updateState"];
  /** Why the inputs cannot be updated. */
  readonly updateReason?: string;
  /** Inputs that differ from the committed lock. */
  readonly inputs: readonly InputChange[];
  readonly hosts: readonly HostPlan[];
}

/**
 * Syncs and updates as a run would, then says for each host what it would build and fetch. Builds, signs, publishes and
 * records nothing. The caller holds the run lock.
 *
 * @throws {@link CommandError} 69 when there is nothing to build, 2 for a host that does not exist
 */
export async function planRun(deps: RunDeps, order: RunOrder): Promise<DryRun> {
  const run = startDryRun(deps);
  // A dry run that was killed left its own behind.
  await rm(run.directory, { recursive: true, force: true });
  await mkdir(run.directory, { recursive: true });
  try {
    return await planHosts(deps, run, order);
  } finally {
    await rm(run.directory, { recursive: true, force: true });
  }
}

async function planHosts(deps: RunDeps, run: Run, order: RunOrder): Promise<DryRun> {
  const source = await (order.sync ? syncSource : keepSource)(deps, run);
  const { revision } = source.checkout;
  const flake = await updateInputs(deps, run, source);
  const names = await selectHosts(deps, { run, flake, ...(order.hosts && { wanted: order.hosts }) });
  const hosts: HostPlan[] = [];
  for (const host of names) hosts.push(await planHost(deps, flake, host));
  const committed = listInputs(await deps.git.readLock(revision));
  const used = listInputs(await readIfPresent(`${run.directory}/flake.lock`));
  return {
    revision,
    branch: deps.config.builder.flakeBranch,
    source: source.state,
    update: flake.updateState,
    ...(flake.updateReason === undefined ? {} : { updateReason: flake.updateReason }),
    inputs: listInputChanges(committed, used),
    hosts,
  };
}

async function planHost(deps: RunDeps, flake: LockedFlake, host: string): Promise<HostPlan> {
  try {
    const drvPath = await evaluateHost(deps, flake, host);
    const plan = await deps.nix.planBuild({ path: drvPath, signal: deps.signal });
    return { type: "planned", host, drvPath, ...plan };
  } catch (error) {
    deps.signal.throwIfAborted();
    return { type: "failed", host, reason: reasonOf(error) };
  }
}

function listInputs(lock: Uint8Array | undefined): readonly LockInput[] {
  return (lock && parseLockInputs(lock)) ?? [];
}
