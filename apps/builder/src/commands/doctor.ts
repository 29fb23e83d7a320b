import process from "node:process";

import type { Command } from "commander";

import { EXIT } from "../exit-codes.ts";
import { addCommand, type CommandContext, type ConfigOptions } from "./command-context.ts";

interface DoctorOptions extends ConfigOptions {
  readonly json?: true;
}

/** Adds `doctor`: looks for what keeps the cache from working. */
export function addDoctorCommand(program: Command, context: CommandContext): void {
  addCommand(program, "doctor", {
    description: "look for what keeps the cache from working, and say what to do; changes nothing",
    example: "sudo nix-cache-builder doctor",
  })
    .option("--json", "for scripts")
    .action((options: DoctorOptions) => examine(options, context));
}

async function examine(
  { config: configFile, json }: DoctorOptions,
  { signal }: CommandContext,
): Promise<void> {
  const { examineMachine } = await import("../doctor/examine-machine.ts");
  const { formatFindings } = await import("../doctor/format-findings.ts");
  const { lineWidth, printJson, printText } = await import("../text/print.ts");
  const findings = await examineMachine(configFile, signal);
  if (json === true) printJson({ findings });
  else printText(formatFindings(findings, lineWidth()));
  if (findings.some(({ status }) => status === "problem")) process.exitCode = EXIT.failed;
}
