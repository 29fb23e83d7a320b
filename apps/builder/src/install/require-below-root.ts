import { existsSync, lstatSync, readdirSync, realpathSync } from "node:fs";
import { dirname } from "node:path";

import { CommandError } from "../command-error.ts";
import { isErrno } from "../errno.ts";
import { EXIT } from "../exit-codes.ts";
import { listInstallPaths } from "./render-files.ts";
import { type InstallTarget, placesOfTarget } from "./target.ts";

/** Where `systemctl enable` puts its links, and takes them away. */
const LINK_DIR = /\.(?:wants|requires)$/;

/**
 * Makes sure that what is written to, or removed from, the system in a directory is in that directory: a link in an image
 * leads to where it would on that system, which is another place here.
 *
 * @param configFile absolute path in the target; absent when it is not looked at
 * @throws {@link CommandError} 1 that names what leads out
 */
export function requireBelowRoot(target: InstallTarget, configFile?: string): void {
  const { root } = target;
  if (root === "") return;
  const places = placesOfTarget(target);
  const directories = new Set([...listInstallPaths(places).map((path) => dirname(path)), `${root}/etc`]);
  const config = configFile === undefined ? [] : [`${root}${configFile}`];
  const links = listNames(places.unitDir).filter((name) => LINK_DIR.test(name));
  const base = realpathIfThere(root);
  // What is yet to be made leads nowhere.
  if (base === undefined && !isThere(root)) return;
  for (const path of [...directories, ...config, ...links.map((name) => `${places.unitDir}/${name}`)]) {
    const place = nearestThere(path);
    const real = realpathIfThere(place);
    if (base !== undefined && real !== undefined && isBelow(real, base)) continue;
    const where = real === undefined ? "nowhere" : `to ${real}, outside of ${root}`;
    throw new CommandError(
      `nothing was changed: ${place} leads ${where}: make it a directory, or a relative link inside`,
      EXIT.failed,
    );
  }
}

function isBelow(path: string, base: string): boolean {
  return path === base || path.startsWith(base === "/" ? base : `${base}/`);
}

function nearestThere(path: string): string {
  return isThere(path) || path === dirname(path) ? path : nearestThere(dirname(path));
}

/** A link that leads nowhere is there, too. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function listNames(directory: string): readonly string[] {
  return existsSync(directory) ? readdirSync(directory) : [];
}

function realpathIfThere(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch (error) {
    if (isErrno(error, "ENOENT")) return undefined;
    throw error;
  }
}
