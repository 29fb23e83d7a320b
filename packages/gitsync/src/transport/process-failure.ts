import { GitSyncError } from "../errors.ts";
import type { GitSyncErrorCode } from "../errors.ts";
import type { ProcessExit } from "./process.ts";

interface Symptom {
  readonly code: GitSyncErrorCode;
  /** What one line of stderr says. */
  readonly pattern: RegExp;
  /** What another line must say too. */
  readonly given?: RegExp;
  readonly advice: string;
}

const KEY_REFUSED = /permission denied \(|too many authentication failures/i;

/** Messages of OpenSSH 8 to 10 and git 2.39 under LC_ALL=C, most telling first. */
const SYMPTOMS: readonly Symptom[] = [
  {
    code: "ERR_GITSYNC_COMMAND",
    pattern: /bad configuration option|can't open user config file|bad owner or permissions on/i,
    advice: "ssh cannot use its configuration: correct the file, or name another one",
  },
  {
    code: "ERR_GITSYNC_COMMAND",
    pattern: /no user exists for uid/i,
    advice: "ssh runs only for a user that the system knows: run this as one",
  },
  {
    code: "ERR_GITSYNC_HOST_KEY",
    pattern: /host key for .+ (?:has changed|was revoked)|host key .+ revoked/i,
    advice:
      "this is another key than the one that is known, so somebody may be in between: ask the host for its new key, and put that into the known-hosts file",
  },
  {
    code: "ERR_GITSYNC_HOST_UNKNOWN",
    pattern: /host key is known for|host key verification failed/i,
    advice: "nobody said which key this host has: verify its key and put it into the known-hosts file",
  },
  {
    code: "ERR_GITSYNC_KEY",
    pattern: /^no such identity: .+: no such file/i,
    given: KEY_REFUSED,
    advice: "the key file is missing: put it there, or name another one",
  },
  {
    code: "ERR_GITSYNC_KEY",
    pattern: /^permissions \d+ for .+ are too open|^load key .+: bad permissions/i,
    given: KEY_REFUSED,
    advice: "others may read the key file, so ssh refuses it: set its mode to 0600",
  },
  {
    code: "ERR_GITSYNC_KEY",
    pattern: /^(?:load key|no such identity:) .+: permission denied/i,
    given: KEY_REFUSED,
    advice: "the key file cannot be read: make it belong to the user who runs this",
  },
  {
    code: "ERR_GITSYNC_KEY",
    pattern: /^load key /i,
    given: KEY_REFUSED,
    advice: "the key file holds no private key that ssh can read: generate one with ssh-keygen",
  },
  {
    code: "ERR_GITSYNC_AUTH",
    pattern: KEY_REFUSED,
    advice: "the key was refused: check that the forge knows its public half, and the user in the address",
  },
  {
    code: "ERR_GITSYNC_PROTOCOL",
    pattern: /unable to negotiate|no matching .+ found/i,
    advice: "ssh and the host have no algorithm in common: update the older of the two",
  },
  {
    code: "ERR_GITSYNC_NETWORK",
    pattern: /could not resolve hostname/i,
    advice: "the host cannot be found: check its name, and name resolution",
  },
  {
    code: "ERR_GITSYNC_NETWORK",
    pattern: /connection refused/i,
    advice: "nothing listens there: check the port, and that the host's ssh server runs",
  },
  {
    code: "ERR_GITSYNC_NETWORK",
    pattern: /timed out|^timeout, server/i,
    advice: "the host does not answer: check the network and its firewalls, and try again later",
  },
  {
    code: "ERR_GITSYNC_NETWORK",
    pattern:
      /connection (?:reset|closed)|closed by remote host|no route to host|network is unreachable|broken pipe|banner exchange/i,
    advice: "the connection was lost, or never made: check the network, and try again later",
  },
  {
    code: "ERR_GITSYNC_REPOSITORY",
    pattern: /git-upload-pack: (?:command )?not found|upload-pack.*no such file or directory/i,
    advice: "there is no git on the host: install it there, on the PATH of a session without a terminal",
  },
  {
    code: "ERR_GITSYNC_REPOSITORY",
    pattern:
      /does not appear to be a git repository|not found|could not be found|no such file or directory|unknown repository/i,
    advice: "there is no such repository, or this key may not see it: check the address",
  },
  {
    code: "ERR_GITSYNC_REPOSITORY",
    pattern: /denied|forbidden|unauthori[sz]ed|not allowed|may (?:not|only)|unrecognized command/i,
    advice: "the host knows the key, and refuses to serve this: check the address, and what the key may do",
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
  const lines = exit.stderr.split("\n").map((line) => line.trim());
  const symptom = SYMPTOMS.find(
    ({ pattern, given }) =>
      lines.some((line) => pattern.test(line)) && (given === undefined || given.test(exit.stderr)),
  );
  const telling = lines.find((line) => symptom?.pattern.test(line)) ?? lines.findLast((line) => line !== "");
  const how = exit.exitCode === undefined ? "was killed" : `ended with exit code ${exit.exitCode}`;
  const said = telling === undefined ? "and said nothing" : `and said ${JSON.stringify(telling)}`;
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
