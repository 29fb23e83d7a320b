import type { History } from "@nix-cache/history";
import type { Command } from "commander";

import { addCommand, type CommandContext, type ConfigOptions } from "./command-context.ts";

/** What to do to a generation. */
type PinAction = "pin" | "unpin";

const HELP = {
  pin: { description: "keep a generation whatever the limits say", example: "nix-cache-builder pin nz 7" },
  unpin: { description: "keep a generation no longer than others", example: "nix-cache-builder unpin nz 7" },
} as const;

/** Adds `pin` and `unpin`. */
export function addPinCommands(program: Command, context: CommandContext): void {
  for (const action of ["pin", "unpin"] as const) {
    addCommand(program, `${action} <host> <generation>`, HELP[action]).action(
      (host: string, generation: string, { config }: ConfigOptions) =>
        setPin({ action, config, host, generation }, context),
    );
  }
}

interface PinJob extends ConfigOptions {
  readonly action: PinAction;
  readonly host: string;
  readonly generation: string;
}

async function setPin({ action, config, ...typed }: PinJob, { signal }: CommandContext): Promise<void> {
  const { withBuilderState } = await import("../builder-state.ts");
  const { findLiveGeneration } = await import("../keep/find-generation.ts");
  const { printText } = await import("../text/print.ts");
  const command = `nix-cache-builder ${action}`;
  const work = async ({ history }: { readonly history: History }): Promise<string> => {
    const { host, number, pinned } = findLiveGeneration(history, typed);
    const isPin = action === "pin";
    if (isPin) history.pinGeneration({ host, number });
    else history.unpinGeneration({ host, number });
    const already = pinned === isPin ? " already" : "";
    return `Generation ${number} of ${host} is${already} ${isPin ? "pinned" : "not pinned"}.\n`;
  };
  printText(await withBuilderState({ command, configFile: config, signal, logOutput: "stderr", work }));
}
