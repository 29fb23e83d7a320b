import process from "node:process";

import { execa } from "execa";

import { fetchDebianPackages, findDebianRelease } from "./debian-packages.ts";
import { collectPrograms } from "./native-programs.ts";

/** Programs of OpenSSH. */
export interface OpenSsh {
  /** The server. */
  readonly sshd: string;
  /** Directory with `ssh` and `ssh-keygen`; undefined where those of PATH do. */
  readonly binDir?: string;
  /** Directory of the server's libraries that the machine lacks, and of the wrapper that gives it a user. */
  readonly libDir?: string;
}

/** What is taken from the packages. */
const PROGRAMS = ["sshd", "ssh", "ssh-keygen"];

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
    prepare: (unpacked, place) =>
      collectPrograms({ unpacked, root: place, programs: PROGRAMS, libraries: [USER_WRAPPER] }),
  });
  return { sshd: `${root}/parts/sshd`, binDir: `${root}/parts/bin`, libDir: `${root}/parts/lib` };
}
