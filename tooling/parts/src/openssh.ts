import { chmod, copyFile, mkdir, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import process from "node:process";

import { execa } from "execa";

import { fetchDebianPackages, findDebianRelease } from "./debian-packages.ts";

/** Programs of OpenSSH. */
export interface OpenSsh {
  /** The server. */
  readonly sshd: string;
  /** Directory with `ssh` and `ssh-keygen`; undefined where those of PATH do. */
  readonly binDir?: string;
  /** Directory of the server's libraries that the machine lacks, and of the wrapper that gives it a user. */
  readonly libDir?: string;
}

/** What is taken from the packages, below the directory that stands for `/`. */
const PROGRAMS = ["usr/sbin/sshd", "usr/bin/ssh", "usr/bin/ssh-keygen"];

/** Library that answers questions about users from a file. */
export const USER_WRAPPER = "libnss_wrapper.so";

/**
 * Finds OpenSSH without installing it: the machine's own release of Debian, unpacked; elsewhere the one on PATH, which
 * serves an ordinary user alone, since as root it needs a user and a directory of the system's.
 */
export async function findOpenSsh(): Promise<OpenSsh> {
  const suite = await findDebianRelease();
  if (suite !== undefined) {
    return fetchOpenSsh(suite);
  }
  if (process.getuid?.() === 0) {
    throw new Error("expected Debian, or an ordinary user, to start an sshd: run this as an ordinary user");
  }
  const { stdout } = await execa("sh", ["-c", 'PATH="$PATH:/usr/sbin:/sbin"; command -v sshd'], {
    reject: false,
  });
  if (stdout === "") {
    throw new Error("expected sshd on PATH, found none: install OpenSSH's server, which need not run");
  }
  return { sshd: stdout.trim() };
}

async function fetchOpenSsh(suite: string): Promise<OpenSsh> {
  const root = await fetchDebianPackages({
    name: `debian-${suite}-openssh`,
    suite,
    packages: ["openssh-server", "openssh-client", "libnss-wrapper"],
    prepare: collectPrograms,
  });
  return { sshd: `${root}/parts/sshd`, binDir: `${root}/parts/bin`, libDir: `${root}/parts/lib` };
}

/**
 * Puts together what is needed, so that it can be copied to where another user may read it. They run natively, with
 * the machine's libraries where it has them: another libc would not fit the machine's loader.
 */
async function collectPrograms(unpacked: string, root: string): Promise<void> {
  const parts = `${unpacked}/parts`;
  await mkdir(`${parts}/bin`, { recursive: true });
  await mkdir(`${parts}/lib`);
  const wrapper = await findLibrary(unpacked, USER_WRAPPER);
  await copyFile(wrapper, `${parts}/lib/${USER_WRAPPER}`);
  for (const path of PROGRAMS) {
    const name = basename(path);
    await copyFile(`${unpacked}/${path}`, `${parts}/${name}`);
    await copyMissingLibraries(`${parts}/${name}`, unpacked, `${parts}/lib`);
    const own = `${root}/parts`;
    await writeFile(
      `${parts}/bin/${name}`,
      `#!/bin/sh\nLD_LIBRARY_PATH=${own}/lib exec ${own}/${name} "$@"\n`,
    );
    await chmod(`${parts}/bin/${name}`, 0o755);
  }
}

async function copyMissingLibraries(program: string, unpacked: string, libDir: string): Promise<void> {
  const { stdout } = await execa("ldd", [program], { env: { LD_LIBRARY_PATH: libDir } });
  const missing = [...stdout.matchAll(/^\s*(\S+) => not found$/gm)].map(([, name = ""]) => name);
  for (const name of missing) {
    await copyFile(await findLibrary(unpacked, name), `${libDir}/${name}`);
  }
  if (missing.length > 0) {
    // What was missing may need more.
    await copyMissingLibraries(program, unpacked, libDir);
  }
}

async function findLibrary(unpacked: string, name: string): Promise<string> {
  const { stdout } = await execa("find", [unpacked, "-name", name, "-not", "-path", "*/parts/*"]);
  const [path = ""] = stdout.split("\n");
  if (path === "") throw new Error(`expected ${name} among the packages, found none`);
  return path;
}
