import { mkdir, rm } from "node:fs/promises";

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

/** Starts a run and makes its directory. */
export async function startRun({ config, history, now, places }: RunDeps): Promise<Run> {
  const { flakeBranch: branch, flakeRepo } = config.builder;
  const startedAt = now();
  const id = history.startRun({ startedAt, branch, flakeUrl: withoutCredentials(flakeRepo) });
  const directory = places.runDir(id);
  await mkdir(directory, { recursive: true });
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

/** Every reader of the history sees the repository's address. */
function withoutCredentials(url: string): string {
  return url.replace(/^(https?:\/\/)[^/@]*@/, "$1");
}
