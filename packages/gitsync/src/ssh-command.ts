import { formatSshCommand } from "./ssh-arguments.ts";
import { openAllHostKeys } from "./ssh-host-keys.ts";
import { formatSshOptions } from "./ssh-options.ts";
import type { SshOptions } from "./ssh-options.ts";

/** An ssh for a program that runs git by itself, such as Nix when it fetches a flake's inputs. */
export interface SshCommand extends AsyncDisposable {
  /** For the environment variable GIT_SSH_COMMAND, which a shell splits; there is no secret in it. */
  readonly command: string;
  /** Removes the files that were made for it. */
  readonly close: () => Promise<void>;
}

/**
 * Makes an ssh ready for hosts that are not known yet: it never asks, forwards nothing, and trusts the pinned forges by
 * their own keys.
 *
 * @param options key, known hosts and configuration
 * @returns the command; close it in `finally`, or declare it with `await using`
 * @throws TypeError when a path is not absolute or cannot be told to ssh
 * @example
 * await using ssh = await openSshCommand({ keyFile: "/run/secrets/deploy-key" });
 * const env = { ...process.env, GIT_SSH_COMMAND: ssh.command };
 * @see https://git-scm.com/docs/git#Documentation/git.txt-GITSSHCOMMAND
 */
export async function openSshCommand(options: SshOptions = {}): Promise<SshCommand> {
  const { args, close } = await openAllHostKeys(options);
  const command = formatSshCommand([...formatSshOptions(options), ...args]);
  return { command, close, [Symbol.asyncDispose]: close };
}
