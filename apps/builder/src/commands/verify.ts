import type { Command } from "commander";

import { EXIT } from "../exit-codes.ts";
import { addCommand, type CommandContext, type ConfigOptions } from "./command-context.ts";

interface VerifyOptions extends ConfigOptions {
  readonly json?: true;
  readonly repair?: true;
}

/** Adds `verify`: whether the disk still has what was published. */
export function addVerifyCommand(program: Command, context: CommandContext): void {
  addCommand(program, "verify", {
    description: "hash every file of what is published, at background priority",
    example: "sudo nix-cache-builder verify --repair",
  })
    .option("--repair", "fetch or build what is damaged anew; needs root, or a store of one's own")
    .option("--json", "for scripts")
    .action((options: VerifyOptions) => verify(options, context));
}

async function verify(
  { config: configFile, json, repair }: VerifyOptions,
  { signal }: CommandContext,
): Promise<void> {
  const { takeBackgroundPriority } = await import("../keep/background-priority.ts");
  const { formatVerification, isSound } = await import("../keep/format-verification.ts");
  const { openKeepingView, readKeepingHistory } = await import("../keep/keeping-view.ts");
  const { repairPublished } = await import("../keep/repair-published.ts");
  const { isNotEmpty } = await import("../keep/store-state.ts");
  const { verifyPublished } = await import("../keep/verify-published.ts");
  const { printJson, printText } = await import("../text/print.ts");
  takeBackgroundPriority();
  const view = await openKeepingView(configFile, signal);
  const found = await verifyPublished(view, () => readKeepingHistory(view.places));
  const damaged = [...new Set([...found.modified, ...found.unreadable])];
  const isToRepair = repair === true && isNotEmpty(damaged);
  const report = isToRepair ? { ...found, repair: await repairPublished(view, damaged) } : found;
  if (json === true) printJson(report);
  else printText(formatVerification(report, configFile));
  if (!isSound(report)) process.exitCode = EXIT.failed;
}
