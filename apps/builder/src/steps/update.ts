import { rm, utimes, writeFile } from "node:fs/promises";

import type { UpdateOutcome } from "@nix-cache/history";
import { formatGitFlakeRef, formatPathFlakeRef } from "@nix-cache/nix-exec";

import type { Revision } from "../git/revision.ts";
import { isSameLock, lockDigestOf, readIfPresent } from "../lock-file.ts";
import { parseLockInputs } from "../lock/lock-inputs.ts";
import { refuseLocalInputs } from "../lock/refuse-local-inputs.ts";
import { reasonOf } from "../reason.ts";
import type { RunDeps } from "../run-deps.ts";
import type { Run } from "../run.ts";
import type { Source } from "./sync.ts";

/** What a run evaluates: one revision of the flake, with one lock. */
export interface LockedFlake {
  readonly flakeRef: string;
  /** A lock in place of the committed one. */
  readonly referenceLockFile?: string;
  /** `failed`: the committed lock serves. */
  readonly updateState: UpdateOutcome["updateState"];
  /** Why the inputs could not be updated. */
  readonly updateReason?: string;
}

/** A flake and the bytes of its lock; a flake without inputs may have none. */
interface Candidate extends Pick<LockedFlake, "flakeRef" | "referenceLockFile"> {
  readonly lock: Uint8Array | undefined;
}

/** What became of the update. */
type UpdateResult = Pick<LockedFlake, "updateState" | "updateReason">;

/** What an update starts from. */
interface UpdateJob {
  readonly run: Run;
  readonly checkout: Revision;
  readonly committed: Candidate;
}

/**
 * Updates the flake's inputs, never in the checkout. When that fails, the committed lock serves.
 * The lock that is used is kept as `flake.lock` among the run's files.
 *
 * @throws {@link CommandError} 1 when the committed lock makes files of this machine inputs of inputs
 */
export async function updateInputs(deps: RunDeps, run: Run, { checkout }: Source): Promise<LockedFlake> {
  const committed = await readCommitted(deps, run, checkout);
  const { lock, ...flake } = await chooseLock(deps, { run, checkout, committed });
  if (lock !== undefined) await writeFile(`${run.directory}/flake.lock`, lock);
  recordLock(deps, run, { lock, updateState: flake.updateState });
  return flake;
}

/** A lock that cannot be listed may be good for Nix all the same. */
function recordLock(
  { log }: RunDeps,
  run: Run,
  { lock, updateState }: Pick<Candidate, "lock"> & Pick<LockedFlake, "updateState">,
): void {
  if (lock === undefined) {
    run.record.update({ updateState });
    return;
  }
  const digest = lockDigestOf(lock);
  run.record.update({ updateState, lockDigest: digest });
  const inputs = parseLockInputs(lock);
  if (inputs === undefined) log.warn("the inputs of flake.lock cannot be listed: its format is not known");
  else run.record.lock({ digest, inputs });
}

async function readCommitted(deps: RunDeps, run: Run, checkout: Revision): Promise<Candidate> {
  const { flakeBranch, flakePath } = deps.config.builder;
  const lock = await deps.git.readLock(checkout.revision);
  refuseLocalInputs(lock, deps.config.nix.storeDir);
  if (deps.git.needsCopy) return { flakeRef: formatPathFlakeRef(await copyTree(deps, run, checkout)), lock };
  const ref = `refs/remotes/origin/${flakeBranch}`;
  return { flakeRef: formatGitFlakeRef({ directory: flakePath, ref, rev: checkout.revision }), lock };
}

async function chooseLock(deps: RunDeps, job: UpdateJob): Promise<Candidate & UpdateResult> {
  const { config, log, signal } = deps;
  const { run, committed } = job;
  if (!config.builder.updateFlake) return { ...committed, updateState: "disabled" };
  try {
    const updated = await run.step("update", () => updateSafely(deps, job));
    const isNew = !isSameLock(updated.lock, committed.lock);
    log.info({ lock: isNew ? "newer than the committed one" : "as committed" }, "inputs updated");
    // The committed form keeps `self.rev`, which a copy of the tree cannot have.
    return { ...(isNew ? updated : committed), updateState: "updated" };
  } catch (cause) {
    signal.throwIfAborted();
    const reason = reasonOf(cause);
    log.warn({ reason }, "update of the inputs failed: the committed lock serves");
    return { ...committed, updateState: "failed", updateReason: reason };
  }
}

/** Nothing is evaluated with a lock by which an input has this machine's own files copied. */
async function updateSafely(deps: RunDeps, job: UpdateJob): Promise<Candidate> {
  const updated = await update(deps, job);
  refuseLocalInputs(updated.lock, deps.config.nix.storeDir);
  return updated;
}

/** Nix writes the new lock beside the run's files; before 2.15 it can only update a copy of the tree. */
async function update(deps: RunDeps, { run, checkout, committed }: UpdateJob): Promise<Candidate> {
  const { git, nix, signal } = deps;
  if (git.needsCopy || !nix.capabilities.separateLockFile) return updateCopy(deps, run, checkout);
  const { flakeRef } = committed;
  const outputLockFile = `${run.directory}/updated.lock`;
  await nix.updateLockFile({ flakeRef, outputLockFile, signal });
  const lock = await readIfPresent(outputLockFile);
  return lock === undefined ? { flakeRef, lock } : { flakeRef, lock, referenceLockFile: outputLockFile };
}

/** The copy keeps the commit's time, from which Nix makes lastModified: a new one each night would rebuild it. */
async function updateCopy(deps: RunDeps, run: Run, checkout: Revision): Promise<Candidate> {
  const { commitTime } = checkout;
  const directory = await copyTree(deps, run, checkout);
  await deps.nix.updateDirectory({ directory, signal: deps.signal });
  const lock = await readIfPresent(`${directory}/flake.lock`);
  if (lock !== undefined) await utimes(`${directory}/flake.lock`, commitTime, commitTime);
  await utimes(directory, commitTime, commitTime);
  return { flakeRef: formatPathFlakeRef(directory), lock };
}

/** A copy that an update has begun to change cannot stand for the committed flake: each copy is made anew. */
async function copyTree({ git }: RunDeps, run: Run, { revision }: Revision): Promise<string> {
  const directory = `${run.directory}/worktree`;
  await rm(directory, { recursive: true, force: true });
  await git.exportTree(revision, directory);
  return directory;
}
