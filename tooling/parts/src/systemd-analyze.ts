import { fetchDebianPackages, findDebianRelease } from "./debian-packages.ts";
import { collectPrograms } from "./native-programs.ts";

/** What says how systemd reads units and calendars. */
export interface SystemdAnalyze {
  readonly program: string;
  /** The units that a system has by itself, for SYSTEMD_UNIT_PATH; undefined where those of the machine do. */
  readonly unitDir?: string;
}

/** Finds systemd-analyze without installing it: of the machine's own release of Debian; elsewhere the one on PATH. */
export async function findSystemdAnalyze(): Promise<SystemdAnalyze> {
  const suite = await findDebianRelease();
  if (suite === undefined) return { program: "systemd-analyze" };
  const root = await fetchDebianPackages({
    name: `debian-${suite}-systemd-analyze`,
    suite,
    packages: ["systemd"],
    prepare: (unpacked, place) =>
      collectPrograms({
        unpacked,
        root: place,
        programs: ["systemd-analyze"],
        // It fits this build of systemd alone, so that the machine's may not do.
        libraries: ["libsystemd-shared-*.so"],
      }),
  });
  const unitDir = `${root}/${suite === "bookworm" ? "lib" : "usr/lib"}/systemd/system`;
  return { program: `${root}/parts/bin/systemd-analyze`, unitDir };
}
