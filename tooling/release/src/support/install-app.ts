import { delimiter } from "node:path";
import process from "node:process";

import { execa } from "execa";

import { packPackage } from "./pack.ts";
import { ROOT } from "./places.ts";
import { tempDirForTest } from "./temp-dir.ts";

/**
 * Installs an app from its tarball as a user would, far from this checkout and without a registry: all it needs is
 * in its bundle.
 *
 * @returns directory of its commands
 */
export async function installApp(app: string): Promise<string> {
  const home = await tempDirForTest("installed");
  const { path } = await packPackage(`apps/${app}`, home);
  const quiet = ["--no-audit", "--no-fund", "--no-update-notifier"];
  await execa("npm", ["install", "--prefix", home, "--cache", `${home}/.npm`, "--offline", ...quiet, path], {
    env: { PATH: machinePath() },
  });
  return `${home}/node_modules/.bin`;
}

/** Without this checkout's programs: Debian's npm runs on Debian's Node alone. */
function machinePath(): string {
  const entries = (process.env["PATH"] ?? "").split(delimiter);
  return entries.filter((entry) => !entry.startsWith(ROOT)).join(delimiter);
}
