import { access } from "node:fs/promises";

import { fetchDebianPackages, findDebianRelease } from "./debian-packages.ts";
import { collectPrograms } from "./native-programs.ts";

/** Where Debian has the program, by release; before /usr was merged, and after. */
const PATHS = ["usr/bin/systemctl", "bin/systemctl"];

/**
 * Finds systemctl without installing it: of the machine's own release of Debian; elsewhere the one on PATH.
 *
 * @returns a directory to put on PATH; undefined where it is there already
 */
export async function findSystemctl(): Promise<string | undefined> {
  const suite = await findDebianRelease();
  if (suite === undefined) return undefined;
  const root = await fetchDebianPackages({
    name: `debian-${suite}-systemctl`,
    suite,
    packages: ["systemd"],
    prepare: async (unpacked, place) =>
      collectPrograms({
        unpacked,
        root: place,
        programs: [await findFirst(unpacked)],
        // It fits this build of systemd alone, so that the machine's may not do.
        libraries: ["libsystemd-shared-*.so"],
      }),
  });
  return `${root}/parts/bin`;
}

async function findFirst(unpacked: string): Promise<string> {
  for (const path of PATHS) {
    try {
      await access(`${unpacked}/${path}`);
      return path;
    } catch {
      // It is at the other place.
    }
  }
  throw new Error(`expected systemctl among the packages, found none at ${PATHS.join(" or ")}`);
}
