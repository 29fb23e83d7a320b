import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";

import { formatPinnedHostKeys } from "./known-hosts.ts";
import { toProcessError } from "./process-failure.ts";
import type { Environment } from "./process.ts";
import { startProcess } from "./process.ts";
import type { Remote } from "./remote-url.ts";
import { collectBytes } from "./transport.ts";

/** Seconds that ssh may take to connect, the server's first words included. */
const CONNECT_TIMEOUT_S = 20;

/** Options that no configuration may change: ssh keeps the first value that it reads, and reads these first. */
const FIXED_OPTIONS: readonly string[] = [
  "BatchMode=yes",
  "NumberOfPasswordPrompts=0",
  `ConnectTimeout=${CONNECT_TIMEOUT_S}`,
  // A link that died without a word is noticed after a minute.
  "ServerAliveInterval=15",
  "ServerAliveCountMax=3",
  "ClearAllForwardings=yes",
  "ForwardAgent=no",
  "ForwardX11=no",
  "Tunnel=no",
  "PermitLocalCommand=no",
  "RemoteCommand=none",
  "ControlMaster=no",
  "ControlPath=none",
  "UpdateHostKeys=no",
  "VerifyHostKeyDNS=no",
  // The reasons for a failure are told at this level.
  "LogLevel=INFO",
];

/** A repository reached by ssh. */
export type SshRemote = Extract<Remote, { type: "ssh" }>;

/** How ssh proves who it is, and whom it trusts. */
export interface SshOptions {
  /** Private key, an absolute path; without it ssh uses its own configuration and agent. */
  readonly keyFile?: string;
  /** Host keys to trust, an absolute path, in place of ssh's own files. */
  readonly knownHostsFile?: string;
  /** ssh_config(5) to read in place of the user's and the system's, an absolute path; `none` to read none. */
  readonly configFile?: string;
  /** What to do with a host whose key nobody has told: add the key to the known hosts, or refuse; accept unless given. */
  readonly unknownHosts?: "accept" | "refuse";
}

/** An ssh that is ready to be called. */
export interface OpenSsh {
  /** The options, which come before the port, the host and the command; no secret is among them. */
  readonly args: readonly string[];
  /** The whole environment to call it with. */
  readonly env: Environment;
  /** Removes the files that were made for it. */
  readonly close: () => Promise<void>;
}

/**
 * Makes ssh ready for a remote: never asks, forwards nothing, trusts a pinned forge's own host keys only. Where a
 * configuration may send the host elsewhere, ssh itself is asked where to, so that an alias of a forge is pinned too.
 *
 * @param remote where to
 * @param options key, known hosts, configuration and environment
 * @param signal ends the question to ssh
 * @throws TypeError when a path is not absolute or cannot be told to ssh; GitSyncError when ssh cannot be asked
 * @see https://man.openbsd.org/ssh_config
 */
export async function openSsh(
  remote: SshRemote,
  options: SshOptions & { readonly env?: Environment },
  signal: AbortSignal,
): Promise<OpenSsh> {
  const { configFile, keyFile } = options;
  const env = formatSshEnvironment(options.env ?? {});
  const base = [
    "-T",
    ...(configFile === undefined
      ? []
      : ["-F", configFile === "none" ? "none" : checkPath("configFile", configFile)]),
    ...FIXED_OPTIONS.map((option) => `-o${option}`),
    ...(keyFile === undefined
      ? []
      : ["-oIdentitiesOnly=yes", `-oIdentityFile=${formatPath("keyFile", keyFile)}`]),
  ];
  const name =
    configFile === "none" ? formatLookupName(remote) : await readLookupName([...base], remote, env, signal);
  const { args, close } = await openHostKeys(name, options);
  return { args: [...base, ...args], env, close };
}

/**
 * Formats the destination part of a call of ssh.
 *
 * @returns port and host, which follow the options
 */
export function formatSshDestination({ user, host, port }: SshRemote): readonly string[] {
  const destination = user === undefined ? host : `${user}@${host}`;
  return [...(port === undefined ? [] : ["-p", String(port)]), "--", destination];
}

/**
 * Formats a call of ssh for git's core.sshCommand, which a shell splits; git adds port, host and command.
 *
 * @param args the options of {@link openSsh}
 */
export function formatSshCommand(args: readonly string[]): string {
  return ["ssh", ...args.map(quoteShell)].join(" ");
}

/** Quotes a word for a shell, such as the remote's login shell, which splits the command that ssh sends. */
export function quoteShell(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A program that asks for a passphrase in a window would wait for ever. */
function formatSshEnvironment(env: Environment): Environment {
  const { SSH_ASKPASS: _askpass, ...kept } = env;
  return { ...kept, SSH_ASKPASS_REQUIRE: "never" };
}

/** A pinned host's key is never learned on first contact; the caller's file may add to the pins, as after a rotation. */
async function openHostKeys(name: string, options: SshOptions): Promise<Omit<OpenSsh, "env">> {
  const { knownHostsFile, unknownHosts = "accept" } = options;
  const known = knownHostsFile === undefined ? [] : [formatPath("knownHostsFile", knownHostsFile)];
  const pins = formatPinnedHostKeys(name);
  if (pins === undefined) {
    const checking = unknownHosts === "accept" ? "accept-new" : "yes";
    return { args: formatHostKeyOptions(checking, known), close: () => Promise.resolve() };
  }
  const directory = await mkdtemp(join(tmpdir(), "gitsync-known-hosts-"));
  const close = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    const file = join(directory, "known_hosts");
    await writeFile(file, pins, { mode: 0o600 });
    return { args: formatHostKeyOptions("yes", [...known, formatPath("TMPDIR", file)]), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function formatHostKeyOptions(checking: "accept-new" | "yes", files: readonly string[]): readonly string[] {
  const strict = `-oStrictHostKeyChecking=${checking}`;
  // ssh's own files must not decide where others were named.
  return files.length === 0
    ? [strict]
    : [strict, `-oUserKnownHostsFile=${files.join(" ")}`, "-oGlobalKnownHostsFile=/dev/null"];
}

/** The name under which ssh looks up the host's key, once its configuration is applied. */
async function readLookupName(
  args: readonly string[],
  remote: SshRemote,
  env: Environment,
  signal: AbortSignal,
): Promise<string> {
  const command = { file: "ssh", args: ["-G", ...args, ...formatSshDestination(remote)], env };
  const process = startProcess(command, signal);
  process.end(new Uint8Array());
  const output = Buffer.from(await collectBytes(process.stdout)).toString("utf8");
  const exit = await process.exit;
  signal.throwIfAborted();
  if (exit.exitCode !== 0) {
    throw toProcessError(remote.host, "ssh", exit);
  }
  const find = (name: string): string | undefined => new RegExp(`^${name} (.+)$`, "m").exec(output)?.[1];
  const port = Number(find("port"));
  return find("hostkeyalias") ?? formatLookupName({ host: find("hostname") ?? remote.host, port });
}

function formatLookupName({ host, port = 22 }: Pick<SshRemote, "host" | "port">): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** ssh splits such an option at spaces, and expands % in it. */
function formatPath(name: string, path: string): string {
  return `"${checkPath(name, path).replaceAll("%", "%%")}"`;
}

function checkPath(name: string, path: string): string {
  // ssh would expand ${ in it, and has no way to say a quote in every version.
  if (!isAbsolute(path) || /\p{Cc}|"|\$\{/u.test(path)) {
    throw new TypeError(
      `expected ${name} to be an absolute path without quotes and \${, got ${JSON.stringify(path)}`,
    );
  }
  return path;
}
