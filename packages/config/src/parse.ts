import { parse as parseToml } from "smol-toml";
import type * as z from "zod";

import type { Config } from "./config.ts";
import { ConfigError, type ConfigProblem } from "./errors.ts";
import { resolveConfig } from "./resolve-config.ts";
import { configFile, KNOWN_KEYS } from "./schema.ts";

/** Options of {@link parseConfig}. */
export interface ParseConfigOptions {
  /** How the text is written. */
  readonly format: "toml" | "json";
}

/**
 * Reads a configuration and fills in its defaults.
 *
 * @param text the file's text
 * @returns the configuration, complete
 * @throws {@link ConfigError} ERR_CONFIG_SYNTAX when the text is not TOML or JSON, ERR_CONFIG_INVALID with all
 * problems together when keys are unknown, missing or of an impossible value
 * @example
 * ```ts
 * const config = parseConfig('[builder]\nflakeRepo = "/srv/flake"\nhosts = ["nz"]', { format: "toml" });
 * config.cacheServer.port; // 5000
 * ```
 */
export function parseConfig(text: string, options: ParseConfigOptions): Config {
  const result = configFile.safeParse(parseSyntax(text, options.format), { reportInput: true });
  if (!result.success) throw new ConfigError("ERR_CONFIG_INVALID", result.error.issues.flatMap(toProblems));
  return resolveConfig(result.data);
}

function parseSyntax(text: string, format: "toml" | "json"): unknown {
  try {
    return format === "json" ? JSON.parse(text) : parseToml(text);
  } catch (cause) {
    const [reason] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
    const where = isTomlPosition(cause) ? ` at line ${cause.line}, column ${cause.column}` : "";
    const message = `expected ${format.toUpperCase()}${where}: ${reason}`;
    throw new ConfigError("ERR_CONFIG_SYNTAX", [{ key: "", message }], { cause });
  }
}

function isTomlPosition(error: unknown): error is { readonly line: number; readonly column: number } {
  return error instanceof Error && "line" in error && "column" in error;
}

function toProblems(issue: z.core.$ZodIssue): ConfigProblem[] {
  const key = formatKey(issue.path);
  if (issue.code !== "unrecognized_keys") return [{ key, message: issue.message }];
  const known = KNOWN_KEYS[key];
  const hint = known === undefined ? "" : `; known are ${known.join(", ")}`;
  return issue.keys.map((name) => ({ key: formatKey([...issue.path, name]), message: `unknown key${hint}` }));
}

function formatKey(path: readonly PropertyKey[]): string {
  return path.reduce<string>((key, part) => {
    if (typeof part === "number") return `${key}[${part}]`;
    return key === "" ? String(part) : `${key}.${String(part)}`;
  }, "");
}
