import type { Command } from "commander";

import { addCommand, type ConfigOptions } from "./command-context.ts";

interface StatusOptions extends ConfigOptions {
  readonly json?: true;
}

/** Adds `status`: how it is with the builder, on one screen. */
export function addStatusCommand(program: Command): void {
  addCommand(program, "status", {
    description: "show on one screen how things are",
    example: "nix-cache-builder status --json | jq .healthy",
  })
    .option("--json", "print one JSON document")
    .action(showStatus);
}

async function showStatus({ config: configFile, json }: StatusOptions): Promise<void> {
  const { loadConfig } = await import("../load-config.ts");
  const { readStatus } = await import("../status/read-status.ts");
  const { formatStatus } = await import("../status/format-status.ts");
  const { lineWidth, printJson, printText } = await import("../text/print.ts");
  const status = await readStatus(await loadConfig(configFile), new Date());
  if (json) printJson(status);
  else printText(formatStatus(status, lineWidth()));
}
