import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";

import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-codes.ts";

/** Directories that the services do not see as they are: ProtectHome= and PrivateTmp= of systemd.exec(5). */
const HIDDEN = ["/home", "/root", "/run/user", "/tmp", "/var/tmp"];

const ENTERED_BY_OTHERS = 0o001;
const READ_BY_OTHERS = 0o004;

/**
 * Makes sure that the services' users can start a program.
 *
 * @param files what has to be read: the executable and its script
 * @throws {@link CommandError} 1 saying what is in the way
 */
export function requireOpen(files: readonly string[]): void {
  for (const file of files) {
    const obstacle = findObstacle(file);
    if (obstacle === undefined) continue;
    const remedy =
      "install Node and both apps for all users (sudo npm install --global @nix-cache/builder @nix-cache/cache-server), " +
      "or move them below /opt, and start this from there; for a service of your own: nix-cache-builder install --user";
    throw new CommandError(`services cannot start ${file}: ${obstacle}: ${remedy}`, EXIT.failed);
  }
}

function findObstacle(file: string): string | undefined {
  const hidden = HIDDEN.find((directory) => file.startsWith(`${directory}/`));
  if (hidden !== undefined) return `${hidden} is hidden from them`;
  if (!existsSync(file)) return "it is not there";
  if ((statSync(file).mode & READ_BY_OTHERS) === 0) return "its owner alone can read it";
  const closed = ancestorsOf(file).find((directory) => (statSync(directory).mode & ENTERED_BY_OTHERS) === 0);
  return closed === undefined ? undefined : `others cannot enter ${closed}`;
}

function ancestorsOf(path: string): readonly string[] {
  const parent = dirname(path);
  return parent === path ? [] : [parent, ...ancestorsOf(parent)];
}
