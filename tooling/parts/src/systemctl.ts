import { fetchDebianPackages, findDebianRelease } from "./debian-packages.ts";
import { collectPrograms } from "./native-programs.ts";

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
    prepare: (unpacked, place) =>
      collectPrograms({
        unpacked,
        root: place,
        programs: ["systemctl"],
        // It fits this build of systemd alone, so that the machine's may not do.
        libraries: ["libsystemd-shared-*.so"],
      }),
  });
  return `${root}/parts/bin`;
}
