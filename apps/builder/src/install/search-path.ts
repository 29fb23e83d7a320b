import { existsSync } from "node:fs";

import type { NixConfig } from "@nix-cache/config";

import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-codes.ts";

/** What systemd gives to services that name nothing else, and the same on systems that have not merged /usr. */
const DEFAULT_PATH = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** Where Nix's own installers put it, for all users. */
const DEFAULT_PROFILE = "/nix/var/nix/profiles/default/bin";

/** Whom the services are for, and where their programs may be. */
export interface SearchRequest {
  readonly scope: "system" | "user";
  readonly nix: NixConfig;
  /** PATH of whoever installs, by directory. */
  readonly searchPath: readonly string[];
}

/**
 * Finds where services look for programs: Nix first, and what the system has.
 *
 * @throws {@link CommandError} 1 when there is no Nix that they could use
 */
export function findSearchPath({ nix, scope, searchPath }: SearchRequest): readonly string[] {
  const { binDir } = nix;
  const usable = searchPath.filter(
    (directory) => directory.startsWith("/") && (scope === "user" || !isHome(directory)),
  );
  const known = [...DEFAULT_PATH, DEFAULT_PROFILE, ...usable];
  const directory = binDir ?? known.find((candidate) => existsSync(`${candidate}/nix-store`));
  if (directory === undefined) {
    const found = searchPath.find((candidate) => existsSync(`${candidate}/nix-store`));
    const where = found === undefined ? "not installed" : `in ${found} alone, which services cannot enter`;
    const remedy = "install it for all users, as https://nixos.org/download has it, or set nix.binDir";
    throw new CommandError(`Nix is ${where}: ${remedy}`, EXIT.failed);
  }
  return DEFAULT_PATH.includes(directory) ? DEFAULT_PATH : [directory, ...DEFAULT_PATH];
}

function isHome(directory: string): boolean {
  return /^\/(?:home|root)\//.test(directory);
}
