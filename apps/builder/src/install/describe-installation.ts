import { existsSync, lstatSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import process from "node:process";

import { type Config, ConfigError } from "@nix-cache/config";

import { checkConfig } from "../check-config.ts";
import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-codes.ts";
import { findCommands, requireServer } from "./find-commands.ts";
import { findObstacles } from "./find-obstacles.ts";
import type { Installation } from "./installation.ts";
import { requireConfig, requirePrograms } from "./require-open.ts";
import { findSearchPath } from "./search-path.ts";
import { NIX_USERS } from "./system-files.ts";
import type { InstallTarget } from "./target.ts";

/** A target, and the configuration as its services find it. */
export interface InstallationRequest extends InstallTarget {
  readonly configFile: string;
}

/** Where distributions have them in one file. */
const AUTHORITIES_FILE = "/etc/ssl/certs/ca-certificates.crt";

/** Directories of units, of which the first is the administrator's, and ours. */
const UNIT_DIRS = ["/etc", "/run", "/usr/local/lib", "/usr/lib", "/lib"].map(
  (place) => `${place}/systemd/system`,
);

/**
 * Finds out all that the units hang on.
 *
 * @throws {@link CommandError} 78 for a configuration that cannot be used, 1 for programs that cannot be
 */
export async function describeInstallation({
  configFile,
  root,
  scope,
}: InstallationRequest): Promise<Installation> {
  const config = await readUsableConfig({ configFile, root, scope });
  const searchPath = (process.env["PATH"] ?? "").split(":");
  const { execArgv, execPath } = process;
  const commands = findCommands({ execPath, execArgv, script: process.argv[1] ?? "", searchPath });
  const isServed = config.cacheServer.enable;
  if (isServed) requireServer(commands);
  const words = [
    ...(config.builder === undefined ? [] : commands.builder),
    ...(isServed ? commands.server : []),
  ];
  // What an image holds is not looked at: it may yet have to be put there.
  if (scope === "system" && root === "") {
    requirePrograms(words.filter((word) => word.startsWith("/")));
    requireConfig(configFile);
  }
  return {
    scope,
    config,
    configFile,
    commands,
    searchPath: findSearchPath({ scope, nix: config.nix, searchPath }),
    ...(existsSync(`${root}${AUTHORITIES_FILE}`) ? { authoritiesFile: AUTHORITIES_FILE } : {}),
    hasNixUsers: scope === "system" && hasGroup(`${root}/etc/group`, NIX_USERS),
    isNixServeFree: !UNIT_DIRS.some((directory) => isForeignUnit(`${root}${directory}/nix-serve.service`)),
  };
}

async function readUsableConfig({ configFile, root, scope }: InstallationRequest): Promise<Config> {
  try {
    const config = await checkConfig(`${root}${configFile}`);
    const problems = findObstacles(config, scope);
    if (problems.length > 0) throw new ConfigError("ERR_CONFIG_INVALID", problems, { file: configFile });
    return config;
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new CommandError(cause.message, EXIT.configuration, { cause });
  }
}

function hasGroup(file: string, name: string): boolean {
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  return lines.some((line) => line.startsWith(`${name}:`));
}

/** Another name of our own server is a link to it. */
function isForeignUnit(file: string): boolean {
  const state = lstatSync(file, { throwIfNoEntry: false });
  if (state === undefined) return false;
  return !state.isSymbolicLink() || basename(readlinkSync(file)) !== "nix-cache-server.service";
}
