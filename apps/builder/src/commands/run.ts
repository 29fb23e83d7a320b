import type { Command } from "commander";

import { EXIT } from "../exit-codes.ts";
import { addCommand, type CommandContext, type ConfigOptions } from "./command-context.ts";

/** Adds `run`: a night's work. */
export function addRunCommand(program: Command, context: CommandContext): void {
  addCommand(program, "run", {
    description: "sync, update the inputs, build every host, sign, publish",
    example: "nix-cache-builder run --config /etc/nix-cache-builder/config.toml",
  }).action((options: ConfigOptions) => run(options, context));
}

async function run({ config: configFile }: ConfigOptions, { signal }: CommandContext): Promise<void> {
  const { withBuilderState } = await import("../builder-state.ts");
  const { choosePlaces } = await import("../choose-places.ts");
  const { createGitSource } = await import("../git/git-source.ts");
  const { runNightly } = await import("../nightly-run.ts");
  const { openBuilderNix } = await import("../open-nix.ts");
  const status = await withBuilderState({
    command: "nix-cache-builder run",
    configFile,
    signal,
    work: async (state) => {
      const nix = await openBuilderNix(state.config, signal);
      const places = await choosePlaces(state);
      return runNightly({ ...state, places, git: createGitSource(state.config.builder), nix });
    },
  });
  if (status === "FAILED") process.exitCode = EXIT.failed;
}
