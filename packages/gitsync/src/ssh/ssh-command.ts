import { writeAtomically } from "../repository/git-fs.ts";
import { formatAllPinnedHostKeys } from "./known-hosts.ts";
import { formatSshCommand } from "./ssh-arguments.ts";
import { formatAnyHostKeyOptions } from "./ssh-host-keys.ts";
import { formatSshOptions } from "./ssh-options.ts";
import type { SshOptions } from "./ssh-options.ts";

/** Options of {@link prepareSshCommand}. */
export interface SshCommandOptions extends SshOptions {
  /** Where the keys of the pinned forges are written for ssh to read, an absolute path; what is there is replaced. */
  readonly pinsFile: string;
}

/**
 * Makes an ssh ready for a program that runs git by itself, such as Nix when it fetches a flake's inputs: it never asks,
 * forwards nothing, and trusts the pinned forges by their own keys.
 *
 * @param options key, known hosts, configuration, and where to write the pins
 * @returns the command for the environment variable GIT_SSH_COMMAND, which a shell splits; there is no secret in it
 * @throws TypeError when a path is not absolute or cannot be told to ssh
 * @example
 * const command = await prepareSshCommand({ keyFile: "/run/secrets/deploy-key", pinsFile: "/var/lib/me/forges" });
 * const env = { ...process.env, GIT_SSH_COMMAND: command };
 * @see https://git-scm.com/docs/git#Documentation/git.txt-GITSSHCOMMAND
 */
export async function prepareSshCommand(options: SshCommandOptions): Promise<string> {
  const args = [...formatSshOptions(options), ...formatAnyHostKeyOptions(options, options.pinsFile)];
  await writeAtomically(options.pinsFile, formatAllPinnedHostKeys());
  return formatSshCommand(args);
}
