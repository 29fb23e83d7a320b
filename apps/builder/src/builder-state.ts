import type { SecretKey } from "@nix-cache/config/fs";
import { type History, openHistory } from "@nix-cache/history";
import type { Logger } from "pino";

import { type BuilderMachineConfig, loadConfig } from "./load-config.ts";
import { createLogger, type LogOutput } from "./log.ts";
import { type Places, placesOf } from "./places.ts";
import { prepareStateDir } from "./prepare-state-dir.ts";
import { reasonOf } from "./reason.ts";
import { withRunLock } from "./run-lock.ts";

/** What a command that changes state works on, while it alone may. */
export interface BuilderState {
  readonly config: BuilderMachineConfig;
  readonly places: Places;
  readonly history: History;
  readonly log: Logger;
  readonly now: () => Date;
  /** Aborted when the command has to stop. */
  readonly signal: AbortSignal;
}

/** Which command works on the state, and how. */
export interface StateJob<Result> {
  /** What others that meet the lock are told, such as `nix-cache-builder run`. */
  readonly command: string;
  readonly configFile: string;
  /** Keys of the secrets that the command needs; none when absent. */
  readonly secrets?: readonly SecretKey[];
  readonly signal: AbortSignal;
  /** Standard error for a command that prints a report; standard output when absent. */
  readonly logOutput?: LogOutput;
  readonly work: (state: BuilderState) => Promise<Result>;
}

/**
 * Works on the builder's state as the owner of stateDir, under the run lock; whatever was recorded, readers see it
 * afterwards.
 *
 * @throws {@link CommandError} 75 when another command holds the lock, 78 for a configuration that cannot be used
 */
export async function withBuilderState<Result>(job: StateJob<Result>): Promise<Result> {
  const { command, configFile, logOutput, secrets = [], signal, work } = job;
  const config = await prepareStateDir({ config: await loadConfig(configFile), configFile, secrets });
  const places = placesOf(config.builder);
  return withRunLock(places.lockFile, command, async () => {
    using history = openHistory(places.historyFile, { now: new Date() });
    const log = createLogger(logOutput);
    if (history.damagedFile !== undefined) {
      log.error({ setAside: history.damagedFile }, "history damaged: a new one is started");
    }
    const state = { config, places, history, log, now: () => new Date(), signal };
    try {
      return await work(state);
    } finally {
      publishHistory(state);
    }
  });
}

/** What was done is recorded: readers that see an older history are no reason to call it failed. */
function publishHistory({ history, log, places }: BuilderState): void {
  const file = places.publicHistoryFile;
  try {
    history.publishSnapshot(file);
  } catch (error) {
    log.error({ file, reason: reasonOf(error) }, "history cannot be shown to readers");
  }
}
