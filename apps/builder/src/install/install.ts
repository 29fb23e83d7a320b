import { existsSync, readFileSync } from "node:fs";
import process from "node:process";

import { ConfigError } from "@nix-cache/config";

import { checkConfig } from "../check-config.ts";
import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-codes.ts";
import { applyChanges } from "./apply-changes.ts";
import { compareFiles, type FileChange } from "./compare-files.ts";
import { findCommands, requireServer } from "./find-commands.ts";
import { findObstacles } from "./find-obstacles.ts";
import { formatChanges, formatPreview } from "./format-changes.ts";
import { activate, disableUnits, listEnabled } from "./install-files.ts";
import type { Installation } from "./installation.ts";
import { listInstallPaths, renderFiles } from "./render-files.ts";
import { requireOpen } from "./require-open.ts";
import { findSearchPath } from "./search-path.ts";
import { NIX_USERS } from "./system-files.ts";
import { requireSystemd } from "./systemd.ts";
import { type InstallTarget, placesOfTarget } from "./target.ts";

/** What to install, and how. */
export interface InstallOrder extends InstallTarget {
  /** As the services find it; below `root` for an image. */
  readonly configFile: string;
  /** Whether to say what would be done, and do nothing. */
  readonly isDryRun: boolean;
  /** Takes what is done, as it is done. */
  readonly print: (text: string) => void;
}

/**
 * Installs the units of both apps, their account and their directories, and starts them. Done again, it changes what has
 * to change, and nothing else.
 *
 * @returns what was installed
 * @throws {@link CommandError} 78 for a configuration that cannot be used, 1 when something else is in the way
 */
export async function install(order: InstallOrder): Promise<Installation> {
  const { isDryRun, print } = order;
  requireSystemd(order);
  const installation = await describeInstallation(order);
  const places = placesOfTarget(order);
  const changes = compareFiles(renderFiles(installation, places), listInstallPaths(places));
  print(isDryRun ? formatPreview(changes) : formatChanges(changes));
  requireOwnFiles(changes);
  if (isDryRun) return installation;
  await disableUnits(order, listEnabled(changes, "removed"));
  applyChanges(changes);
  const units = await activate({ target: order, places, changes });
  print(units.map((unit) => `enabled    ${unit}\n`).join(""));
  return installation;
}

async function describeInstallation({ configFile, root, scope }: InstallOrder): Promise<Installation> {
  const config = await readValidConfig(`${root}${configFile}`);
  const problems = findObstacles(config, scope);
  if (problems.length > 0) {
    const { message } = new ConfigError("ERR_CONFIG_INVALID", problems, { file: configFile });
    throw new CommandError(message, EXIT.configuration);
  }
  const searchPath = (process.env["PATH"] ?? "").split(":");
  const { execArgv, execPath } = process;
  const commands = findCommands({ execPath, execArgv, script: process.argv[1] ?? "", searchPath });
  const served = config.cacheServer.enable;
  if (served) requireServer(commands);
  const words = [
    ...(config.builder === undefined ? [] : commands.builder),
    ...(served ? commands.server : []),
  ];
  // What an image holds is not looked at: it may yet have to be put there.
  if (scope === "system" && root === "") requireOpen(words.filter((word) => word.startsWith("/")));
  return {
    scope,
    config,
    configFile,
    commands,
    searchPath: findSearchPath({ scope, nix: config.nix, searchPath }),
    hasNixUsers: scope === "system" && hasGroup(`${root}/etc/group`, NIX_USERS),
    isNixServeFree: !UNIT_DIRS.some((directory) => existsSync(`${root}${directory}/nix-serve.service`)),
  };
}

/** Where units are that somebody else has put there; our own name for it is a link in /etc. */
const UNIT_DIRS = ["/run", "/usr/local/lib", "/usr/lib", "/lib"].map(
  (directory) => `${directory}/systemd/system`,
);

async function readValidConfig(file: string): ReturnType<typeof checkConfig> {
  try {
    return await checkConfig(file);
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new CommandError(cause.message, EXIT.configuration, { cause });
  }
}

function hasGroup(file: string, name: string): boolean {
  return (
    existsSync(file) &&
    readFileSync(file, "utf8")
      .split("\n")
      .some((line) => line.startsWith(`${name}:`))
  );
}

/** Half an installation is none: what is not ours is in the way of all. */
function requireOwnFiles(changes: readonly FileChange[]): void {
  const left = changes.filter(({ type }) => type === "left").map(({ path }) => path);
  if (left.length === 0) return;
  throw new CommandError(`nothing was installed: move ${left.join(", ")} away, and try again`, EXIT.failed);
}
