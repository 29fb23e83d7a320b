import type { ClosureDiff } from "@nix-cache/closure-diff";
import { type Command, Option } from "commander";

import type { BuilderMachineConfig } from "../load-config.ts";
import type { GenerationPair, PairRequest } from "../report/choose-generations.ts";
import { addCommand, type CommandContext, type ConfigOptions } from "./command-context.ts";

interface DiffOptions extends ConfigOptions {
  readonly json?: true;
  readonly markdown?: true;
  readonly all?: true;
}

/** Adds `diff`: what changed from one generation of a host to another. */
export function addDiffCommand(program: Command, context: CommandContext): void {
  addCommand(program, "diff", {
    description: "show what changed between two generations",
    example: "nix-cache-builder diff nz 11 12 --markdown",
  })
    .argument("<host>", "name of the host")
    .argument("[from]", "the earlier generation; the one before the later when left out")
    .argument("[to]", "the later generation; the newest when left out")
    .option("--all", "list every package and file, not the first ones alone")
    .option("--json", "print one JSON document")
    .addOption(new Option("--markdown", "print Markdown").conflicts("json"))
    .action((host: string, from: string | undefined, to: string | undefined, options: DiffOptions) =>
      showDiff({ host, ...(from && { before: from }), ...(to && { after: to }) }, options, context),
    );
}

async function showDiff(
  request: PairRequest,
  { config: configFile, all, json, markdown }: DiffOptions,
  { signal }: CommandContext,
): Promise<void> {
  const { formatClosureDiffMarkdown, formatClosureDiffText } = await import("@nix-cache/closure-diff");
  const { askHistory } = await import("../read-history.ts");
  const { chooseGenerations } = await import("../report/choose-generations.ts");
  const { requireKnownHost } = await import("../report/known-hosts.ts");
  const { readStoredDiff } = await import("../report/read-diff.ts");
  const { isColored } = await import("../text/paint.ts");
  const { printJson, printText } = await import("../text/print.ts");
  const { config, pair, stored } = await askHistory(configFile, (history, machine) => {
    requireKnownHost(history, machine.builder, request.host);
    const found = chooseGenerations(history, request);
    return { config: machine, pair: found, stored: readStoredDiff(history, found) };
  });
  const diff = stored ?? (await compare(config, pair, signal));
  const [from, to] = [pair.before.number, pair.after.number];
  if (json) printJson({ host: request.host, from, to, diff });
  else if (markdown) printText(`${formatClosureDiffMarkdown(diff, { all })}\n`);
  else {
    const text = formatClosureDiffText(diff, { all, color: isColored() });
    printText(`${request.host}: generation ${from} → ${to}\n\n${text}\n`);
  }
}

async function compare(
  config: BuilderMachineConfig,
  pair: GenerationPair,
  signal: AbortSignal,
): Promise<ClosureDiff> {
  const { openStoreNix } = await import("../open-nix.ts");
  const { compareGenerations } = await import("../report/read-diff.ts");
  return compareGenerations({ config, nix: await openStoreNix(config, signal), signal }, pair);
}
