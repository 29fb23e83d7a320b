import { existsSync, realpathSync } from "node:fs";
import { dirname } from "node:path";

import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-codes.ts";
import type { AppCommands } from "./installation.ts";

/** How this program was started. */
export interface StartedBy {
  /** Absolute path of Node. */
  readonly execPath: string;
  /** Options of Node. */
  readonly execArgv: readonly string[];
  /** The main script, through links. */
  readonly script: string;
  /** PATH, by directory. */
  readonly searchPath: readonly string[];
  /** Where files are that go once nothing names them; Nix's own when absent. */
  readonly storeDir?: string;
}

/** Where the server's main script is, seen from the builder's: in this repository, and among packages of npm. */
const SERVER_SCRIPTS = [
  { builder: /\/apps\/builder\/(src\/main\.ts|dist\/main\.js)$/, server: "/apps/cache-server/$1" },
  { builder: /\/@nix-cache\/builder\/(dist\/main\.js)$/, server: "/@nix-cache/cache-server/$1" },
] as const;

/**
 * Finds how services start the two apps. Names that stay through an upgrade go before those of one version: what a
 * profile of Nix names, its next generation names too.
 *
 * @throws {@link CommandError} 1 when there is no server beside this program
 */
export function findCommands(started: StartedBy): AppCommands {
  const { execArgv, execPath, script, searchPath, storeDir = "/nix/store" } = started;
  const isInStore = (file: string): boolean => file.startsWith(`${storeDir}/`);
  const main = realpathSync(script);
  if (isInStore(main))
    return findInProfile(`${storeDir}/${main.split("/")[storeDir.split("/").length]}`, searchPath);
  const node = [
    findOnPath("node", searchPath, (file) => isInStore(execPath) && realpathSync(file) === execPath) ??
      execPath,
  ];
  const start = (file: string): readonly string[] => [...node, ...execArgv, file];
  return { builder: start(main), server: findServer(main, searchPath, start) };
}

function findServer(
  main: string,
  searchPath: readonly string[],
  start: (file: string) => readonly string[],
): readonly string[] {
  const beside = SERVER_SCRIPTS.filter(({ builder }) => builder.test(main))
    .map(({ builder, server }) => main.replace(builder, server))
    .find(existsSync);
  if (beside !== undefined) return start(beside);
  const onPath = findOnPath("nix-cache-server", searchPath);
  return onPath === undefined ? [] : [onPath];
}

function findInProfile(storePath: string, searchPath: readonly string[]): AppCommands {
  const builder =
    findOnPath("nix-cache-builder", searchPath, (file) => realpathSync(file).startsWith(`${storePath}/`)) ??
    `${storePath}/bin/nix-cache-builder`;
  const beside = `${dirname(builder)}/nix-cache-server`;
  const server = existsSync(beside) ? beside : findOnPath("nix-cache-server", searchPath);
  return { builder: [builder], server: server === undefined ? [] : [server] };
}

/** Finds a program that a condition holds of; the first on PATH where there is none. */
function findOnPath(
  name: string,
  searchPath: readonly string[],
  isRight: (file: string) => boolean = () => true,
): string | undefined {
  const files = searchPath
    .filter((directory) => directory.startsWith("/"))
    .map((directory) => `${directory}/${name}`);
  return files.find((file) => existsSync(file) && isRight(file));
}

/** @throws {@link CommandError} 1 when the server is to be installed and is not there */
export function requireServer({ server }: AppCommands): void {
  if (server.length > 0) return;
  const remedy =
    "install it beside this program (npm: @nix-cache/cache-server), or set cacheServer.enable = false";
  throw new CommandError(`there is no nix-cache-server beside nix-cache-builder: ${remedy}`, EXIT.failed);
}
