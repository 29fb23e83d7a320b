import type { Command } from "commander";

import type { HostHistory, RecordedRun } from "../report/format-history.ts";
import { addCommand, type ConfigOptions } from "./command-context.ts";
import { parseLimit } from "./limit.ts";

const DEFAULT_LIMIT = 20;

interface HistoryOptions extends ConfigOptions {
  readonly limit: number;
  readonly json?: true;
}

/** Adds `history`: what the last runs came to, or what happened to one host. */
export function addHistoryCommand(program: Command): void {
  addCommand(program, "history [host]", {
    description: "list the last runs, or what happened to one host",
    example: "nix-cache-builder history nz --limit 5",
  })
    .option("--limit <n>", "how many, the newest first", parseLimit, DEFAULT_LIMIT)
    .option("--json", "print one JSON document")
    .action(showHistory);
}

async function showHistory(host: string | undefined, options: HistoryOptions): Promise<void> {
  const { formatHostHistory, formatRuns } = await import("../report/format-history.ts");
  const { lineWidth, printJson, printText } = await import("../text/print.ts");
  const width = lineWidth();
  const shown = width === undefined ? {} : { width };
  if (host === undefined) {
    const runs = await readRuns(options);
    if (options.json) printJson({ runs });
    else printText(formatRuns(runs, new Date(), shown));
  } else {
    const found = await readHost(host, options);
    if (options.json) printJson(found);
    else printText(formatHostHistory(found, new Date(), shown));
  }
}

async function readRuns({ config, limit }: HistoryOptions): Promise<readonly RecordedRun[]> {
  const { askHistory } = await import("../read-history.ts");
  const { summarizeRun } = await import("../status/summarize-run.ts");
  return askHistory(config, (history) =>
    history.runs(limit).map((run) => ({ ...summarizeRun(run), hosts: history.hostResults(run.id) })),
  );
}

async function readHost(host: string, { config, limit }: HistoryOptions): Promise<HostHistory> {
  const { askHistory } = await import("../read-history.ts");
  const { requireKnownHost } = await import("../report/known-hosts.ts");
  return askHistory(config, (history, { builder }) => {
    requireKnownHost(history, builder, host);
    const generations = history.generations(host).slice(0, limit);
    return { host, results: history.hostHistory(host, limit), generations };
  });
}
