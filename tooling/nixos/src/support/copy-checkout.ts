import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";

import { execa } from "execa";

import { ROOT } from "./places.ts";

/** Copies what a commit of all that is here would hold into a git repository of its own. */
export async function copyCheckout(destination: string): Promise<void> {
  // The checkout may be another user's.
  const argv = ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const { stdout } = await execa("git", argv, { cwd: ROOT });
  for (const path of stdout.split("\0").filter((name) => name !== "" && existsSync(`${ROOT}/${name}`))) {
    await cp(`${ROOT}/${path}`, `${destination}/${path}`, { verbatimSymlinks: true });
  }
  await execa("git", ["init", "--quiet"], { cwd: destination });
  await execa("git", ["add", "--all"], { cwd: destination });
}
