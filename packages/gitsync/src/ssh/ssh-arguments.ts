import { toProcessError } from "../transport/process-failure.ts";
import type { Environment } from "../transport/process.ts";
import { startProcess } from "../transport/process.ts";
import type { Remote } from "../transport/remote-url.ts";
import { collectBytes } from "../transport/transport.ts";
import { openHostKeys } from "./ssh-host-keys.ts";
import { formatSshOptions } from "./ssh-options.ts";
import type { SshOptions } from "./ssh-options.ts";

/** A repository reached by ssh. */
export type SshRemote = Extract<Remote, { type: "ssh" }>;

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
  const env = formatSshEnvironment(options.env ?? {});
  const base = formatSshOptions(options);
  const name =
    options.configFile === "none"
      ? formatLookupName(remote)
      : await readLookupName(base, remote, env, signal);
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
