import process from "node:process";

import type { HistoryReader, Run } from "@nix-cache/history";
import type { Command } from "commander";

import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-codes.ts";
import { addCommand, type ConfigOptions } from "./command-context.ts";

interface LogOptions extends ConfigOptions {
  readonly run?: string;
  readonly json?: true;
}

/** Adds `log`: what a run did, or what the builders of one of its hosts said. */
export function addLogCommand(program: Command): void {
  addCommand(program, "log [host]", {
    description: "show a run's steps, or what a host's builders said",
    example: "nix-cache-builder log nz | less",
  })
    .option("--run <id>", "a run that history lists; the last one when left out")
    .option("--json", "without a host: print one JSON document")
    .action(showLog);
}

async function showLog(host: string | undefined, options: LogOptions): Promise<void> {
  if (host === undefined) return showSteps(options);
  if (options.json) {
    throw new CommandError("--json goes without a host: what builders say is text", EXIT.usage);
  }
  return showHostLog(host, options);
}

async function showSteps({ config, json, run: id }: LogOptions): Promise<void> {
  const { askHistory } = await import("../read-history.ts");
  const { formatRun } = await import("../report/format-run.ts");
  const { requireLatestRun, requireRun } = await import("../report/require-run.ts");
  const { printJson, printText } = await import("../text/print.ts");
  const found = await askHistory(config, (history) => {
    const run = id === undefined ? requireLatestRun(history) : requireRun(history, id);
    return { run, steps: history.steps(run.id), hosts: history.hostResults(run.id) };
  });
  if (json) printJson(found);
  else printText(formatRun(found));
}

async function showHostLog(host: string, { config, run: id }: LogOptions): Promise<void> {
  const { placesOf } = await import("../places.ts");
  const { askHistory } = await import("../read-history.ts");
  const { requireKnownHost } = await import("../report/known-hosts.ts");
  const { printHostLog } = await import("../report/print-host-log.ts");
  const { requireRun } = await import("../report/require-run.ts");
  const { firstLineOf } = await import("../text/safe-text.ts");
  const { places, result, run } = await askHistory(config, (history, { builder }) => {
    requireKnownHost(history, builder, host);
    const found = id === undefined ? latestRunOf(history, host) : requireRun(history, id).id;
    const results = history.hostResults(found);
    return {
      places: placesOf(builder),
      run: found,
      result: results.find((one) => one.host === host),
    };
  });
  // Nothing was built, so there is no file: what is recorded says why.
  if (result?.state === "failed" && result.failedStep === "evaluate") {
    throw new CommandError(
      `nothing was built for ${host} in run ${run}: its evaluation failed: ${firstLineOf(result.reason)}`,
      EXIT.failed,
    );
  }
  const { isWhole } = await printHostLog(`${places.runDir(run)}/${host}.log.zst`, process.stdout);
  if (!isWhole) process.stderr.write("nix-cache-builder: the log breaks off here: its run was killed\n");
}

function latestRunOf(history: HistoryReader, host: string): Run["id"] {
  const [latest] = history.hostHistory(host, 1);
  if (latest !== undefined) return latest.run;
  throw new CommandError(`no run has come to ${host} yet`, EXIT.failed);
}
