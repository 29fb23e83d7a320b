import type { Command } from "commander";

import { addCommand, type CommandContext, type ConfigOptions } from "./command-context.ts";

interface SignOptions extends ConfigOptions {
  readonly json?: true;
}

/** Adds `sign`: what a new signing key wants. */
export function addSignCommand(program: Command, context: CommandContext): void {
  addCommand(program, "sign", {
    description: "sign what is published with the configured key, as after a change of keys",
    example: "nix-cache-builder sign --all",
  })
    .requiredOption("--all", "every published generation")
    .option("--json", "for scripts")
    .action((options: SignOptions) => sign(options, context));
}

async function sign({ config: configFile, json }: SignOptions, { signal }: CommandContext): Promise<void> {
  const { withBuilderState } = await import("../builder-state.ts");
  const { signPublished } = await import("../keep/sign-published.ts");
  const { openOfflineNix } = await import("../open-nix.ts");
  const { printJson, printText } = await import("../text/print.ts");
  const report = await withBuilderState({
    command: "nix-cache-builder sign",
    configFile,
    secrets: ["signingKeyFile"],
    signal,
    logOutput: "stderr",
    work: async (state) => signPublished({ ...state, nix: await openOfflineNix(state.config, signal) }),
  });
  if (json === true) return printJson(report);
  const { added, generations, missing, publicKey } = report;
  const lost = missing === 0 ? "" : ` The store paths of ${missing} more are gone.`;
  printText(
    `${generations} generations are signed with ${publicKey}: ${added} signatures were missing.${lost}\n`,
  );
}
