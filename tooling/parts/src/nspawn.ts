import { fetchDebianPackages, findDebianRelease } from "./debian-packages.ts";
import { collectPrograms } from "./native-programs.ts";

/** Programs that start machines and join them to a network. */
export interface Nspawn {
  /** systemd-nspawn. */
  readonly nspawn: string;
  /** ip of iproute2. */
  readonly ip: string;
}

/** Options for a machine of which the one that it is started on, which may be without systemd, knows nothing. */
export const UNKNOWN_TO_HOST: readonly string[] = ["--register=no", "--keep-unit", "--link-journal=no"];

/** Fetches systemd-nspawn and ip of the machine's own release of Debian, without installing them. */
export async function fetchNspawn(): Promise<Nspawn> {
  const suite = await findDebianRelease();
  if (suite === undefined) throw new Error("expected Debian, found another system: run this on Debian");
  const root = await fetchDebianPackages({
    name: `debian-${suite}-nspawn`,
    suite,
    packages: ["systemd-container", "iproute2"],
    prepare: (unpacked, place) =>
      collectPrograms({
        unpacked,
        root: place,
        programs: ["systemd-nspawn", "ip"],
        // It fits this build of systemd alone, so that the machine's may not do.
        libraries: ["libsystemd-shared-*.so"],
      }),
  });
  return { nspawn: `${root}/parts/bin/systemd-nspawn`, ip: `${root}/parts/bin/ip` };
}
