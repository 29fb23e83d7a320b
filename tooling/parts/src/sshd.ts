import { chown, cp, readdir, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import process from "node:process";

import { USER_WRAPPER } from "./openssh.ts";
import type { OpenSsh } from "./openssh.ts";

/** What root becomes to run sshd: nobody. */
const UNPRIVILEGED_ID = 65_534;

/** What a forge lets a deploy key do. */
const FETCH_ONLY = `case "$SSH_ORIGINAL_COMMAND" in
"git-upload-pack "*) exec git-shell -c "$SSH_ORIGINAL_COMMAND" ;;
*) echo "this key may only fetch" >&2; exit 1 ;;
esac`;

/** How the sshd differs from a forge's. */
export interface SshdOptions {
  /** Shell commands that every session runs in place of what it asks for; by default a fetch and nothing else. */
  readonly command?: string;
  /** PATH of the sessions; by default the caller's. */
  readonly path?: string;
  /** What is shown before a client has proved who it is. */
  readonly banner?: string;
}

/** How to run an sshd that serves one connection on its stdin and stdout. */
export interface Sshd {
  /** The user to log in as. */
  readonly user: string;
  /** Words before a command that run it as the user that sshd runs as. */
  readonly asUser: readonly string[];
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What the environment of every session has in it. */
  readonly mark: string;
}

/** Where the sshd's files are. */
export interface SshdFiles {
  /** Directory for what sshd reads, with `host_key` and its public half in it already. */
  readonly directory: string;
  /** Public keys that may log in. */
  readonly authorizedKeys: readonly string[];
}

/**
 * Prepares an sshd. It runs as an ordinary user, and so needs nothing of the system: neither its user nor its
 * directory. As root it becomes nobody, whom a wrapper of the user database gives a home and a shell.
 */
export async function prepareSshd(
  openSsh: OpenSsh,
  files: SshdFiles,
  options: SshdOptions = {},
): Promise<Sshd> {
  const { directory } = files;
  await writeSshdFiles(files, options);
  const { sshd, libDir } = openSsh;
  if (libDir === undefined) {
    const user = userInfo().username;
    return { user, asUser: [], command: [sshd, ...formatArguments(directory)], env: {}, mark: directory };
  }
  // Nobody may be unable to read the checkout.
  await cp(sshd, `${directory}/sshd`);
  await cp(libDir, `${directory}/lib`, { recursive: true });
  const isRoot = process.getuid?.() === 0;
  const uid = isRoot ? UNPRIVILEGED_ID : process.getuid?.();
  const gid = isRoot ? UNPRIVILEGED_ID : process.getgid?.();
  await writeFile(`${directory}/passwd`, `deploy:x:${uid}:${gid}::${directory}:/bin/sh\n`);
  await writeFile(`${directory}/group`, `deploy:x:${gid}:\n`);
  if (isRoot) {
    await chown(directory, UNPRIVILEGED_ID, UNPRIVILEGED_ID);
    const names = await readdir(directory);
    await Promise.all(names.map((name) => chown(`${directory}/${name}`, UNPRIVILEGED_ID, UNPRIVILEGED_ID)));
  }
  return {
    user: "deploy",
    mark: directory,
    asUser: isRoot ? ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups"] : [],
    command: [`${directory}/sshd`, ...formatArguments(directory)],
    env: {
      LD_LIBRARY_PATH: `${directory}/lib`,
      LD_PRELOAD: `${directory}/lib/${USER_WRAPPER}`,
      NSS_WRAPPER_PASSWD: `${directory}/passwd`,
      NSS_WRAPPER_GROUP: `${directory}/group`,
    },
  };
}

/** One connection each on stdin and stdout, messages on stderr. */
function formatArguments(directory: string): readonly string[] {
  return ["-i", "-e", "-f", `${directory}/sshd_config`];
}

async function writeSshdFiles({ directory, authorizedKeys }: SshdFiles, options: SshdOptions): Promise<void> {
  const { banner, command = FETCH_ONLY, path = process.env["PATH"] ?? "/usr/bin:/bin" } = options;
  await writeFile(`${directory}/command`, `${command}\n`);
  const lines = authorizedKeys.map((key) => `restrict,command="/bin/sh ${directory}/command" ${key}`);
  await writeFile(`${directory}/authorized_keys`, `${lines.join("\n")}\n`);
  await writeFile(`${directory}/banner`, banner ?? "");
  const config = [
    `HostKey ${directory}/host_key`,
    `AuthorizedKeysFile ${directory}/authorized_keys`,
    "StrictModes no",
    "UsePAM no",
    "PidFile none",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "AcceptEnv GIT_PROTOCOL",
    // The repositories are the caller's, who may be another user.
    `SetEnv "PATH=${path}" GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0=* "SSH_SERVER=${directory}"`,
    ...(banner === undefined ? [] : [`Banner ${directory}/banner`]),
  ];
  await writeFile(`${directory}/sshd_config`, `${config.join("\n")}\n`);
}
