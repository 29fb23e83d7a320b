import { rm } from "node:fs/promises";

import { hideCredentials } from "@nix-cache/gitsync";
import type { Lock, SyncOutcome, UpdateOutcome } from "@nix-cache/history";

import type { RunDeps } from "./run-deps.ts";

/** Stands for the id of a run, which is a time. */
const DRY_RUN = "dry-run";

/** Writes down what a run does; a dry run's forgets it. */
interface RunRecord {
  readonly sync: (outcome: SyncOutcome) => void;
  readonly update: (outcome: UpdateOutcome) => void;
  readonly lock: (lock: Lock) => void;
  /** Every host that the configuration names, or with `["*"]` the flake. */
  readonly configuredHosts: (hosts: readonly string[]) => void;
}

/** A run that is going on. */
export interface Run {
  readonly id: string;
  readonly startedAt: Date;
  /** Where the run's files are. */
  readonly directory: string;
  readonly record: RunRecord;
  /** Does one step and records how long it took and whether it succeeded. */
  readonly step: <Result>(name: string, work: () => Promise<Result>, host?: string) => Promise<Result>;
}

/** Starts a run; its directory is yet to be made. */
export function startRun({ config, history, now, places }: RunDeps): Run {
  const { flakeBranch: branch, flakeRepo } = config.builder;
  const startedAt = now();
  const id = history.startRun({ startedAt, branch, flakeUrl: hideCredentials(flakeRepo) });
  const directory = places.runDir(id);
  return {
    id,
    startedAt,
    directory,
    record: {
      sync: (outcome) => history.recordSync(id, outcome),
      update: (outcome) => history.recordUpdate(id, outcome),
      lock: (lock) => history.recordLock(lock),
      configuredHosts: (hosts) => history.recordConfiguredHosts(id, hosts),
    },
    step: async (name, work, host) => {
      const stepStartedAt = now();
      let outcome: "succeeded" | "failed" = "failed";
      try {
        const result = await work();
        outcome = "succeeded";
        return result;
      } finally {
        const durationMs = Math.max(0, now().getTime() - stepStartedAt.getTime());
        const step = { run: id, name, startedAt: stepStartedAt, durationMs, outcome };
        history.recordStep(host === undefined ? step : { ...step, host });
      }
    },
  };
}

/** Starts a run that nobody is to know of; its directory is yet to be made, and the caller's to remove. */
export function startDryRun({ now, places }: RunDeps): Run {
  return {
    id: DRY_RUN,
    startedAt: now(),
    directory: places.runDir(DRY_RUN),
    record: { sync: forget, update: forget, lock: forget, configuredHosts: forget },
    step: (_name, work) => work(),
  };
}

function forget(): void {}

/** Removes what only a run that goes on needs. */
export async function removeScratch(runDirectory: string): Promise<void> {
  await rm(`${runDirectory}/worktree`, { recursive: true, force: true });
  await rm(`${runDirectory}/updated.lock`, { force: true });
}
