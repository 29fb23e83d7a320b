import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";

import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-codes.ts";
import { quoteShell } from "../text/quote-shell.ts";

/** Directories that the services do not see as they are: ProtectHome= and PrivateTmp= of systemd.exec(5). */
const HIDDEN = ["/home", "/root", "/run/user", "/tmp", "/var/tmp"];

const ENTERED_BY_OTHERS = 0o001;
const READ_BY_OTHERS = 0o004;

/** What keeps services from a file, and what to do about it where that is one command. */
interface Obstacle {
  readonly what: string;
  readonly remedy?: string;
}

/**
 * Makes sure that the services' users can start a program.
 *
 * @param files what has to be read: the executable and its script
 * @throws {@link CommandError} 1 saying what is in the way
 */
export function requirePrograms(files: readonly string[]): void {
  const elsewhere =
    "install Node and both apps for all users (sudo npm install --global @nix-cache/builder @nix-cache/cache-server), " +
    "or move them below /opt, and start this from there; for a service of your own: nix-cache-builder install --user";
  for (const file of files) requireOpen(`start ${file}`, file, elsewhere);
}

/**
 * Makes sure that the services' users can read the configuration: secrets are in files that it names.
 *
 * @throws {@link CommandError} 1 saying what is in the way
 */
export function requireConfig(file: string): void {
  requireOpen(`read ${file}`, file, "put it into /etc/nix-cache-builder");
}

function requireOpen(use: string, file: string, elsewhere: string): void {
  const obstacle = findObstacle(file);
  if (obstacle === undefined) return;
  const { remedy = elsewhere, what } = obstacle;
  throw new CommandError(`services cannot ${use}: ${what}: ${remedy}`, EXIT.failed);
}

function findObstacle(file: string): Obstacle | undefined {
  const hidden = HIDDEN.find((directory) => file.startsWith(`${directory}/`));
  if (hidden !== undefined) return { what: `${hidden} is hidden from them` };
  if (!existsSync(file)) return { what: "it is not there" };
  if ((statSync(file).mode & READ_BY_OTHERS) === 0) {
    return { what: "its owner alone can read it", remedy: `sudo chmod a+r ${quoteShell(file)}` };
  }
  const closed = ancestorsOf(file).find((directory) => (statSync(directory).mode & ENTERED_BY_OTHERS) === 0);
  if (closed === undefined) return undefined;
  return { what: `others cannot enter ${closed}`, remedy: `sudo chmod a+x ${quoteShell(closed)}` };
}

function ancestorsOf(path: string): readonly string[] {
  const parent = dirname(path);
  return parent === path ? [] : [parent, ...ancestorsOf(parent)];
}
