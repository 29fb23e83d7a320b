import process from "node:process";

import { type BuilderConfig, type Config, ConfigError } from "@nix-cache/config";
import { readConfig } from "@nix-cache/config/fs";

import { CommandError } from "./command-error.ts";
import { describeConfigError } from "./config-remedy.ts";
import { EXIT } from "./exit-codes.ts";

/** The configuration of a machine that builds. */
export interface BuilderMachineConfig extends Config {
  readonly builder: BuilderConfig;
}

/**
 * Reads the configuration file of a machine that builds; secrets that systemd hands over go before its files.
 *
 * @param file path; `.json` is read as JSON, anything else as TOML
 * @throws {@link CommandError} 78 with every problem of the file
 */
export async function loadConfig(file: string): Promise<BuilderMachineConfig> {
  const { builder, ...rest } = await readValidConfig(file);
  if (builder === undefined) {
    throw new CommandError(
      `${file}: expected a builder section, found none: add [builder] with flakeRepo and hosts`,
      EXIT.configuration,
    );
  }
  return { ...rest, builder };
}

async function readValidConfig(file: string): Promise<Config> {
  try {
    return await readConfig(file, { credentialsDir: process.env["CREDENTIALS_DIRECTORY"] });
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new CommandError(describeConfigError(file, cause), EXIT.configuration, { cause });
  }
}
