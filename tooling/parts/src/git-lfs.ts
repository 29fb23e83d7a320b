import { execa } from "execa";

import { fetchDebianPackages, findDebianRelease } from "./debian-packages.ts";

/**
 * Finds git-lfs without installing it: the machine's own release of Debian, unpacked; elsewhere the one on PATH.
 *
 * @returns a directory for PATH, with `git-lfs` in it
 */
export async function findGitLfs(): Promise<string> {
  const suite = await findDebianRelease();
  if (suite !== undefined) {
    const root = await fetchDebianPackages({
      name: `debian-${suite}-git-lfs`,
      suite,
      packages: ["git-lfs"],
      // It needs git and libc, which every machine with this checkout has.
      withDependencies: false,
    });
    return `${root}/usr/bin`;
  }
  const { stdout } = await execa("sh", ["-c", 'dirname "$(command -v git-lfs)"'], { reject: false });
  if (!stdout.startsWith("/")) throw new Error("expected git-lfs on PATH, found none: install it");
  return stdout;
}
