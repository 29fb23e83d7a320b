import type { Command } from "commander";

import { EXIT } from "../exit-codes.ts";
import type { KeepingReport } from "../keep/keeping-report.ts";
import { addCommand, type CommandContext, type ConfigOptions } from "./command-context.ts";

interface PruneOptions extends ConfigOptions {
  readonly dryRun?: true;
  readonly json?: true;
  readonly whatIf?: readonly string[];
}

/** Adds `prune`: what a run does about old generations, without the run. */
export function addPruneCommand(program: Command, context: CommandContext): void {
  addCommand(program, "prune", {
    description: "let go of generations that are not to be kept, delete what was let go earlier",
    example: "nix-cache-builder prune --what-if keepGenerations=5 maxCacheSize=100",
  })
    .option("--dry-run", "say what would be dropped and why; change nothing")
    .option("--what-if <limit=value...>", "the same with other limits than those of the configuration")
    .option("--json", "for scripts")
    .action((options: PruneOptions) => prune(options, context));
}

async function prune(options: PruneOptions, { signal }: CommandContext): Promise<void> {
  const { formatReport } = await import("../keep/format-report.ts");
  const { lineWidth, printJson, printText } = await import("../text/print.ts");
  const isPreview = options.dryRun === true || options.whatIf !== undefined;
  const report = await (isPreview ? previewReport(options, signal) : apply(options, signal));
  if (options.json === true) printJson(report);
  else printText(formatReport(report, new Date(), lineWidth()));
  if (!isPreview && report.notes.length > 0) process.exitCode = EXIT.failed;
}

async function apply({ config: configFile }: PruneOptions, signal: AbortSignal): Promise<KeepingReport> {
  const { withBuilderState } = await import("../builder-state.ts");
  const { choosePlaces } = await import("../choose-places.ts");
  const { prune: pruneNow } = await import("../keep/prune.ts");
  const { openOfflineNix } = await import("../open-nix.ts");
  return withBuilderState({
    command: "nix-cache-builder prune",
    configFile,
    signal,
    logOutput: "stderr",
    work: async (state) => {
      const nix = await openOfflineNix(state.config, signal);
      return pruneNow({ ...state, places: await choosePlaces(state), nix });
    },
  });
}

async function previewReport(
  { config: configFile, whatIf = [] }: PruneOptions,
  signal: AbortSignal,
): Promise<KeepingReport> {
  const { reportKeeping } = await import("../keep/keeping-report.ts");
  const { previewKeeping } = await import("../keep/preview.ts");
  const { changeLimits } = await import("../keep/what-if.ts");
  const { openKeepingView } = await import("../keep/keeping-view.ts");
  const view = await openKeepingView(configFile, signal);
  const limits = changeLimits(view.config.builder, whatIf);
  const { notes, plan } = await previewKeeping(view, limits);
  return reportKeeping(plan, { dryRun: true, limits, notes });
}
