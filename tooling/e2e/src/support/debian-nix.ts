import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";

import { execa } from "execa";

import { ROOT } from "./places.ts";

/** The Debian releases whose Nix is not this machine's. */
export type DebianSuite = "trixie" | "sid";

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/**
 * Fetches Debian's Nix of another release, with its libraries, into the checkout's toolchain; apt verifies what it
 * downloads. Nothing is installed on the machine and no root is needed.
 *
 * @returns directory with `nix` and `nix-store`
 */
export async function fetchDebianNix(suite: DebianSuite): Promise<string> {
  const directory = `${ROOT}/.toolchain/nix-${suite}`;
  const binDir = `${directory}/bin`;
  if ((await listDirectory(binDir)).length > 0) return binDir;
  const unfinished = `${directory}.${process.pid}`;
  try {
    await unpackPackages(suite, unfinished);
    await rename(unfinished, directory);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  await writeWrappers(directory, binDir);
  return binDir;
}

async function unpackPackages(suite: DebianSuite, directory: string): Promise<void> {
  const apt = `${directory}/apt`;
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
    // Without it, apt as root downloads as a user who cannot reach these directories.
    "APT::Sandbox::User=root",
  ].flatMap((option) => ["--option", option]);
  await execa("apt-get", [...options, "update"]);
  await execa("apt-get", [...options, "install", "--yes", "--download-only", "nix-bin"]);
  const archives = `${apt}/cache/archives`;
  for (const name of await readdir(archives)) {
    if (name.endsWith(".deb"))
      await execa("dpkg-deb", ["--extract", `${archives}/${name}`, `${directory}/root`]);
  }
  await rm(apt, { recursive: true });
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

/** The libraries of another release run only under that release's loader. */
async function writeWrappers(directory: string, binDir: string): Promise<void> {
  const { stdout } = await execa("find", [`${directory}/root`, "-name", "*.so*", "-printf", "%h\\n"]);
  const libraries = [...new Set(stdout.split("\n"))].filter((path) => /linux-gnu(\/nix)?$|\/lib$/.test(path));
  const { stdout: loader } = await execa("find", [
    `${directory}/root`,
    "-name",
    "ld-linux-*.so.*",
    "-type",
    "f",
  ]);
  await mkdir(binDir);
  for (const name of ["nix", "nix-store"]) {
    const words = [loader.split("\n")[0], "--argv0", '"$0"', "--library-path", libraries.join(":")];
    await writeFile(
      `${binDir}/${name}`,
      `#!/bin/sh\nexec ${words.join(" ")} ${directory}/root/usr/bin/nix "$@"\n`,
    );
    await chmod(`${binDir}/${name}`, 0o755);
  }
}

async function listDirectory(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function readIfPresent(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (isMissing(error)) return "";
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
