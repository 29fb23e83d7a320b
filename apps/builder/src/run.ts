import { rm } from "node:fs/promises";

import { hideCredentials } from "@nix-cache/gitsync";

import type { RunDeps } from "./run-deps.ts";

/** A run that is going on. */
export interface Run {
  readonly id: string;
  readonly startedAt: Date;
  /** Where the run's files are. */
  readonly directory: string;
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

/** Removes what only a run that goes on needs. */
export async function removeScratch(runDirectory: string): Promise<void> {
  await rm(`${runDirectory}/worktree`, { recursive: true, force: true });
  await rm(`${runDirectory}/updated.lock`, { force: true });
}
