import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";

import { execa } from "execa";

import { findOpenSsh } from "./openssh.ts";
import type { OpenSsh } from "./openssh.ts";
import { serveConnections } from "./ssh-connections.ts";
import type { Interruption } from "./ssh-connections.ts";
import { prepareSshd } from "./sshd.ts";
import type { SshdOptions } from "./sshd.ts";

/** A running sshd, which stops when it is disposed of. */
export interface SshServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** The ssh:// address of a repository, which `user` must be able to read. */
  readonly url: (path: string) => string;
  /** Type and base64 of the server's key. */
  readonly hostKey: string;
  /** Known-hosts file with that key alone. */
  readonly knownHostsFile: string;
  /** Private key that may log in. */
  readonly keyFile: string;
  /** Private key that may log in too, but has a passphrase. */
  readonly encryptedKeyFile: string;
  readonly passphrase: string;
  /** Private key that may not log in. */
  readonly strangerKeyFile: string;
  /** Directory with an `ssh` for machines that have none; undefined where the one on PATH does. */
  readonly binDir?: string;
  /** How many bytes the server has sent over each connection so far. */
  readonly sentBytes: readonly number[];
  /** Interrupts every later connection; undefined ends that. */
  readonly interrupt: (interruption: Interruption | undefined) => void;
}

/**
 * Starts a real sshd on a loopback port, with keys of its own, as root or as an ordinary user. Nothing is installed,
 * and nothing outside a temporary directory is written. Connections pass through this process: who connects must not
 * block it.
 */
export async function startSshServer(options: SshdOptions = {}): Promise<SshServer> {
  const openSsh = await findOpenSsh();
  const directory = await mkdtemp(`${tmpdir()}/sshd-`);
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    // The server may run as another user, who must get at what is below.
    await chmod(directory, 0o711);
    await mkdir(`${directory}/server`);
    const keys = await generateKeys(openSsh, directory);
    const { authorizedKeys, hostKey, ...files } = keys;
    const sshd = await prepareSshd(openSsh, { directory: `${directory}/server`, authorizedKeys }, options);
    const { close, ...connections } = await serveConnections(sshd);
    const { port } = connections;
    const knownHostsFile = `${directory}/known_hosts`;
    await writeFile(knownHostsFile, `[127.0.0.1]:${port} ${hostKey}\n`);
    return {
      ...connections,
      ...files,
      host: "127.0.0.1",
      user: sshd.user,
      hostKey,
      knownHostsFile,
      url: (path) => `ssh://${sshd.user}@127.0.0.1:${port}${encodeURI(path)}`,
      ...(openSsh.binDir === undefined ? {} : { binDir: openSsh.binDir }),
      [Symbol.asyncDispose]: async () => {
        await close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

interface Keys extends Pick<
  SshServer,
  "keyFile" | "encryptedKeyFile" | "strangerKeyFile" | "passphrase" | "hostKey"
> {
  readonly authorizedKeys: readonly string[];
}

async function generateKeys(openSsh: OpenSsh, directory: string): Promise<Keys> {
  const passphrase = "correct horse battery staple";
  const generate = (name: string, secret = ""): Promise<string> =>
    generateKey(openSsh, `${directory}/${name}`, secret);
  const [hostKey, key, encryptedKey] = await Promise.all([
    generate("server/host_key"),
    generate("key"),
    generate("encrypted-key", passphrase),
    generate("stranger-key"),
  ]);
  return {
    hostKey,
    authorizedKeys: [key, encryptedKey],
    passphrase,
    keyFile: `${directory}/key`,
    encryptedKeyFile: `${directory}/encrypted-key`,
    strangerKeyFile: `${directory}/stranger-key`,
  };
}

/**
 * Generates a throw-away key.
 *
 * @returns type and base64 of the public half
 */
async function generateKey({ binDir }: OpenSsh, file: string, passphrase: string): Promise<string> {
  const program = binDir === undefined ? "ssh-keygen" : `${binDir}/ssh-keygen`;
  await execa(program, ["-q", "-t", "ed25519", "-C", "test", "-N", passphrase, "-f", file]);
  const [type, base64] = (await readFile(`${file}.pub`, "utf8")).split(" ");
  return `${type} ${base64}`;
}
