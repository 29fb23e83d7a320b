import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { execa } from "execa";

import { errnoOf, listDirectory, readIfPresent } from "./files.ts";

/** The checkout's toolchain, where the set-up keeps what it fetches. */
const TOOLCHAIN_DIR = `${dirname(dirname(dirname(import.meta.dirname)))}/.toolchain`;

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Which packages to unpack, and where. */
export interface DebianPackages {
  /** Name of the directory in the checkout's toolchain. */
  readonly name: string;
  /** The Debian release, such as `trixie`. */
  readonly suite: string;
  readonly packages: readonly string[];
  /** Whether what they depend on is unpacked too, which it is unless this is false. */
  readonly withDependencies?: boolean;
  /** Called once with the unpacked root, and where it will be, before others can see it. */
  readonly prepare?: (unpacked: string, root: string) => Promise<void>;
}

/**
 * Fetches Debian packages and what they depend on, and unpacks them into the checkout's toolchain; apt verifies
 * what it downloads. Nothing is installed on the machine and no root is needed.
 *
 * @returns the directory that stands for `/`
 */
export async function fetchDebianPackages(wanted: DebianPackages): Promise<string> {
  return keepInToolchain(wanted.name, async (unfinished, root) => {
    for (const archive of await downloadDebianPackages(wanted, `${unfinished}/.apt`)) {
      await execa("dpkg-deb", ["--extract", archive, unfinished]);
    }
    await rm(`${unfinished}/.apt`, { recursive: true });
    await wanted.prepare?.(unfinished, root);
  });
}

/**
 * Makes a directory of the checkout's toolchain unless it is there.
 *
 * @param make called once with an empty directory, and where it will be, before others can see it
 * @returns the directory
 */
export async function keepInToolchain(
  name: string,
  make: (unfinished: string, root: string) => Promise<void>,
): Promise<string> {
  const root = `${TOOLCHAIN_DIR}/${name}`;
  if ((await listDirectory(root)).length > 0) return root;
  const unfinished = `${root}.${randomUUID()}`;
  try {
    await mkdir(unfinished, { recursive: true });
    await make(unfinished, root);
    await rename(unfinished, root);
  } catch (error) {
    // Another was faster with the same.
    if (errnoOf(error) !== "ENOTEMPTY" && errnoOf(error) !== "EEXIST") throw error;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return root;
}

/** Code name of the Debian that this machine runs; undefined for another system. */
export async function findDebianRelease(): Promise<string | undefined> {
  const release = await readIfPresent("/etc/os-release");
  return /^ID="?debian/m.test(release) ? /^VERSION_CODENAME="?(\w+)/m.exec(release)?.[1] : undefined;
}

/**
 * Downloads Debian packages; apt verifies them, against the machine's own keyring.
 *
 * @param apt directory for apt's files
 * @returns the .deb files
 */
export async function downloadDebianPackages(
  {
    packages,
    suite,
    withDependencies = true,
  }: Pick<DebianPackages, "packages" | "suite" | "withDependencies">,
  apt: string,
): Promise<readonly string[]> {
  const dirs = ["state/lists/partial", "cache/archives/partial", "etc"];
  await Promise.all(dirs.map((name) => mkdir(`${apt}/${name}`, { recursive: true })));
  await writeFile(
    `${apt}/etc/sources.list`,
    `deb [signed-by=${KEYRING}] ${await findMirror()} ${suite} main\n`,
  );
  const options = [
    `Dir::Etc::sourcelist=${apt}/etc/sources.list`,
    "Dir::Etc::sourceparts=/dev/null",
    `Dir::State=${apt}/state`,
    "Dir::State::status=/dev/null",
    `Dir::Cache=${apt}/cache`,
    "APT::Install-Recommends=false",
    "Debug::NoLocking=true",
    // A mirror that lags behind does for tests; what it has is verified all the same.
    "Acquire::Check-Valid-Until=false",
    // Without it, apt as root downloads as a user who cannot reach these directories.
    "APT::Sandbox::User=root",
  ].flatMap((option) => ["--option", option]);
  await execa("apt-get", [...options, "update"]);
  const archives = `${apt}/cache/archives`;
  const command = withDependencies ? ["install", "--yes", "--download-only"] : ["download"];
  await execa("apt-get", [...options, ...command, ...packages], { cwd: archives });
  const names = await readdir(archives);
  return names.filter((name) => name.endsWith(".deb")).map((name) => `${archives}/${name}`);
}

/** The machine's own mirror: apt's sources come in two formats, and both hold the address as a word. */
async function findMirror(): Promise<string> {
  const directory = "/etc/apt/sources.list.d";
  const files = [
    "/etc/apt/sources.list",
    ...(await listDirectory(directory)).map((name) => `${directory}/${name}`),
  ];
  for (const file of files) {
    const mirror = /https?:\/\/\S+\/debian\/?(?=\s)/.exec(await readIfPresent(file))?.[0];
    if (mirror !== undefined) return mirror;
  }
  throw new Error(`expected a Debian mirror in ${files.join(", ")}, found none: run this on Debian`);
}
