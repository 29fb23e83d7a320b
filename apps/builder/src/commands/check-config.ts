import process from "node:process";

import type { Command } from "commander";

import { EXIT } from "../exit-codes.ts";
import { addCommand, type ConfigOptions } from "./command-context.ts";

interface CheckConfigOptions extends ConfigOptions {
  readonly json?: true;
}

/** Adds `check-config`: whether the services could start with a configuration. */
export function addCheckConfigCommand(program: Command): void {
  addCommand(program, "check-config", {
    description: "read the configuration and say whether it can be used; looks at nothing else",
    example: "nix-cache-builder check-config --config ./config.toml",
  })
    .option("--json", "print one JSON document")
    .action(check);
}

async function check({ config: file, json }: CheckConfigOptions): Promise<void> {
  const { ConfigError } = await import("@nix-cache/config");
  const { checkConfig, summarizeConfig } = await import("../check-config.ts");
  const { CommandError } = await import("../command-error.ts");
  const { describeConfigError } = await import("../config-remedy.ts");
  const { printJson, printText } = await import("../text/print.ts");
  try {
    const summary = summarizeConfig(await checkConfig(file));
    if (json === true) printJson({ file, valid: true, summary, problems: [] });
    else printText(`${file}: ${summary}\n`);
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    if (json !== true) {
      throw new CommandError(describeConfigError(file, cause), EXIT.configuration, { cause });
    }
    const problems = cause.problems.map(({ key, message }) => ({ key, message }));
    printJson({ file, valid: false, problems });
    process.exitCode = EXIT.configuration;
  }
}
