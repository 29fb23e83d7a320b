import { readFile } from "node:fs/promises";
import { extname } from "node:path";

import type { Config } from "../config.ts";
import { ConfigError } from "../errors.ts";
import { parseConfig } from "../parse.ts";
import { useCredentials } from "./use-credentials.ts";

/** Options of {@link readConfig}. */
export interface ReadConfigOptions {
  /** Directory whose files go before those that the configuration names: {@link useCredentials} says which. */
  readonly credentialsDir?: string | undefined;
}

/**
 * Reads a configuration file and fills in its defaults.
 *
 * @param file path; `.json` is read as JSON, anything else as TOML
 * @param options where a service manager has put the secrets
 * @returns the configuration, complete
 * @throws {@link ConfigError} ERR_CONFIG_UNREADABLE when the file cannot be read, else as {@link parseConfig}
 *   and {@link useCredentials}
 * @example
 * ```ts
 * const { cacheServer } = await readConfig("/etc/nix-cache-builder/config.toml");
 * ```
 */
export async function readConfig(file: string, { credentialsDir }: ReadConfigOptions = {}): Promise<Config> {
  const text = await readText(file);
  try {
    const config = parseConfig(text, { format: extname(file) === ".json" ? "json" : "toml" });
    return credentialsDir === undefined ? config : await useCredentials(config, credentialsDir);
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new ConfigError(cause.code, cause.problems, { cause, file });
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const message = `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new ConfigError("ERR_CONFIG_UNREADABLE", [{ key: "", message }], { cause, file });
  }
}
