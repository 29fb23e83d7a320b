import process from "node:process";

import type { HistoryReader, Run } from "@nix-cache/history";
import { type Command, Option } from "commander";

import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-codes.ts";
import { addCommand, type ConfigOptions } from "./command-context.ts";

interface LockOptions extends ConfigOptions {
  readonly run?: string;
  readonly json?: true;
  readonly raw?: true;
}

/** A run that got as far as its lock. */
type LockedRun = Run & { readonly lockDigest: string };

/** Runs among which the newest with a lock is looked for. */
const RECENT_RUNS = 100;

/** Adds `lock`: which revisions of its inputs a run built with. */
export function addLockCommand(program: Command): void {
  addCommand(program, "lock", {
    description: "show which revisions of the inputs a run had",
    example: "nix-cache-builder lock --raw > flake.lock",
  })
    .option("--run <id>", "a run that history lists; the last one with a lock when left out")
    .option("--json", "print one JSON document")
    .addOption(new Option("--raw", "print the flake.lock itself").conflicts("json"))
    .action(showLock);
}

async function showLock({ config, json, raw, run: id }: LockOptions): Promise<void> {
  const { askHistory } = await import("../read-history.ts");
  const { formatLock } = await import("../report/format-lock.ts");
  const { readRunFile } = await import("../report/run-file.ts");
  const { lineWidth, printJson, printText } = await import("../text/print.ts");
  const { requireRun } = await import("../report/require-run.ts");
  const { parseLockInputs } = await import("../lock/lock-inputs.ts");
  const { builder, inputs, run } = await askHistory(config, (history, { builder: section }) => {
    const found = requireLock(id === undefined ? findLocked(history) : requireRun(history, id));
    return { builder: section, run: found, inputs: history.lockInputs(found.lockDigest) };
  });
  const readFile = (): Promise<Buffer> => readRunFile(builder, run.id, "flake.lock");
  if (raw) {
    process.stdout.write(await readFile());
    return;
  }
  const lock = {
    run: run.id,
    ...(run.updateState && { updateState: run.updateState }),
    digest: run.lockDigest,
    // A run of an earlier version recorded the lock alone.
    inputs: inputs ?? parseLockInputs(await readFile()) ?? [],
  };
  const width = lineWidth();
  if (json) printJson(lock);
  else printText(formatLock(lock, width === undefined ? {} : { width }));
}

function findLocked(history: HistoryReader): Run | undefined {
  return history.runs(RECENT_RUNS).find(({ lockDigest }) => lockDigest !== undefined);
}

function requireLock(run: Run | undefined): LockedRun {
  if (run?.lockDigest !== undefined) return { ...run, lockDigest: run.lockDigest };
  throw new CommandError(
    run === undefined
      ? "no run has recorded a flake.lock yet"
      : `run ${run.id} has no flake.lock: the flake has none, or the run did not come so far`,
    EXIT.failed,
  );
}
