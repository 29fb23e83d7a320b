import { copyFile, mkdir, rm, symlink, writeFile } from "node:fs/promises";

import { execa } from "execa";

import { createControlGroup, inControlGroup, removeControlGroup } from "./control-group.ts";
import { downloadDebianPackages, keepInToolchain } from "./debian-packages.ts";
import { fetchNspawn, UNKNOWN_TO_HOST } from "./nspawn.ts";

/** Which Debian to make. */
export interface DebianRootOptions {
  /** Name of the directory in the checkout's toolchain. */
  readonly name: string;
  /** The Debian release, such as `trixie`. */
  readonly suite: string;
  /** Packages besides the essential ones. */
  readonly packages: readonly string[];
}

/** Directories of every Debian that are links into /usr. */
const MERGED = ["bin", "sbin", "lib", "lib64"];

/** Configures what was unpacked; no package's script asks, and nothing is lost that cannot be made again. */
const CONFIGURE = `export DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin
exec dpkg --force-depends --force-unsafe-io --install /.apt/cache/archives/*.deb`;

/**
 * Makes a Debian system in a directory of the checkout's toolchain: packages are unpacked, and then installed by the dpkg
 * that is among them. It is made once, needs root and is not to be written to.
 *
 * @returns the directory that stands for `/`
 */
export async function fetchDebianRoot({ name, suite, packages }: DebianRootOptions): Promise<string> {
  return keepInToolchain(name, async (unfinished) => {
    const wanted = { suite, packages: ["?essential", ...packages] };
    const archives = await downloadDebianPackages(wanted, `${unfinished}/.apt`);
    await unpack(unfinished, archives);
    await configure(unfinished);
    await rm(`${unfinished}/.apt`, { recursive: true });
  });
}

/** Extracts the files, and makes what the first package's script needs before any has run. */
async function unpack(root: string, archives: readonly string[]): Promise<void> {
  await mkdir(`${root}/etc`, { recursive: true });
  for (const directory of MERGED) {
    await mkdir(`${root}/usr/${directory}`, { recursive: true });
    await symlink(`usr/${directory}`, `${root}/${directory}`);
  }
  const extract =
    'dpkg-deb --fsys-tarfile "$1" | tar --extract --same-permissions --keep-directory-symlink -C "$2"';
  for (const archive of archives) await execa("sh", ["-c", extract, "sh", archive, root]);
  for (const file of ["passwd", "group"]) {
    await copyFile(`${root}/usr/share/base-passwd/${file}.master`, `${root}/etc/${file}`);
  }
  await symlink("mawk", `${root}/usr/bin/awk`);
  // An empty one is filled when a machine starts, which without one would ask first who it is.
  await writeFile(`${root}/etc/machine-id`, "");
}

async function configure(root: string): Promise<void> {
  const { nspawn } = await fetchNspawn();
  const group = await createControlGroup();
  try {
    const boundary = [...UNKNOWN_TO_HOST, "--quiet", "--pipe", "--machine=root", "-D", root];
    const [program, ...words] = [...inControlGroup(group), nspawn, ...boundary, "sh", "-c", CONFIGURE];
    await execa(program, words, { env: { SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: "1" } });
  } finally {
    await removeControlGroup(group);
  }
}
