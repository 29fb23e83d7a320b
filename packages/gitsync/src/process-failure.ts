import { GitSyncError } from "./errors.ts";
import type { GitSyncErrorCode } from "./errors.ts";
import type { ProcessExit } from "./process.ts";

interface Symptom {
  readonly code: GitSyncErrorCode;
  readonly pattern: RegExp;
  readonly advice: string;
}

/** Messages of OpenSSH 9.2 and git 2.39 under LC_ALL=C, most telling first. */
const SYMPTOMS: readonly Symptom[] = [
  {
    code: "ERR_GITSYNC_HOST_KEY",
    pattern: /host key verification failed|remote host identification has changed|no matching host key/i,
    advice: "the host key is unknown or has changed: verify it and put it into the known-hosts file",
  },
  {
    code: "ERR_GITSYNC_AUTH",
    pattern:
      /permission denied \(|too many authentication failures|unprotected private key|error in libcrypto/i,
    advice:
      "the key was refused: check the key file, its permissions, and that the forge knows its public half",
  },
  {
    code: "ERR_GITSYNC_NETWORK",
    pattern:
      /could not resolve hostname|connection (?:refused|reset|closed|timed out)|no route to host|network is unreachable|operation timed out|broken pipe|banner exchange/i,
    advice: "the host cannot be reached: check its name, the port and the network",
  },
  {
    code: "ERR_GITSYNC_REPOSITORY",
    pattern:
      /does not appear to be a git repository|repository .*not found|not found|no such file or directory/i,
    advice: "there is no such repository, or this key may not see it: check the address",
  },
];

/**
 * Tells why ssh or git failed, from its exit code and stderr.
 *
 * @param remote what the message calls the remote
 * @param file the program that was run
 * @param exit how it ended
 * @param cause what was wrong with its output, where that was noticed first
 */
export function toProcessError(
  remote: string,
  file: string,
  exit: ProcessExit,
  cause?: unknown,
): GitSyncError {
  if (exit.startError !== undefined) {
    return new GitSyncError(
      "ERR_GITSYNC_COMMAND",
      `expected to run ${file} for ${remote}, but it did not start: install it, or put it on the PATH that is passed in env`,
      { cause: exit.startError },
    );
  }
  const symptom = SYMPTOMS.find(({ pattern }) => pattern.test(exit.stderr));
  const how = exit.exitCode === undefined ? "was killed" : `ended with exit code ${exit.exitCode}`;
  const lastLine = exit.stderr.split("\n").findLast((line) => line.trim() !== "");
  const said = lastLine === undefined ? "and said nothing" : `and said ${JSON.stringify(lastLine.trim())}`;
  return new GitSyncError(
    symptom?.code ?? "ERR_GITSYNC_PROTOCOL",
    `${file} for ${remote} ${how} ${said}: ${symptom?.advice ?? "run the same command by hand to see more"}`,
    {
      stderr: exit.stderr,
      ...(exit.exitCode === undefined ? {} : { exitCode: exit.exitCode }),
      ...(cause === undefined ? {} : { cause }),
    },
  );
}
