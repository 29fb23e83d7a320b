import { GitSyncError } from "../errors.ts";
import type { GitSyncErrorCode } from "../errors.ts";
import { toProcessError } from "../transport/process-failure.ts";
import type { ProcessExit } from "../transport/process.ts";

/** Exit code of env(1) when the program that it shall run is not there. */
const NOT_FOUND = 127;

interface Symptom {
  readonly code: GitSyncErrorCode;
  readonly pattern: RegExp;
  readonly message: (remote: string) => string;
}

/** What git 2.39 says under LC_ALL=C, beyond what ssh says through it; most telling first. */
const SYMPTOMS: readonly Symptom[] = [
  {
    code: "ERR_GITSYNC_NO_SPACE",
    pattern: /no space left on device|disk quota exceeded|file too large/i,
    message: (remote) =>
      `expected room for what ${remote} sends, and the disk, a quota or a limit is full: free some space, or raise the limit`,
  },
  {
    code: "ERR_GITSYNC_AUTH",
    pattern:
      /authentication failed|could not read (?:username|password)|access denied|returned error: 40[13]\b/i,
    message: (remote) =>
      `expected access to ${remote}, and git was refused: it is private, or the credentials are wrong`,
  },
  {
    code: "ERR_GITSYNC_REPOSITORY",
    pattern: /mismatched algorithms|unknown object format/i,
    message: () => "expected a repository with SHA-1 object names, got one with another kind",
  },
  {
    code: "ERR_GITSYNC_REPOSITORY",
    pattern:
      /not valid: is this a git repository|returned error: (?:404|410|3\d\d)\b|unable to update url base|protocol ".*" (?:not supported|disabled)|too many redirects/i,
    message: (remote) => `expected a git server at ${remote}, got none: check the address`,
  },
  {
    code: "ERR_GITSYNC_NETWORK",
    pattern:
      /could not resolve host|failed to connect|couldn't connect|connection (?:refused|timed out|reset)|empty reply|returned error: 5\d\d\b|returned error: 429\b|ssl|tls|certificate|proxy|recv failure|send failure/i,
    message: (remote) =>
      `expected an answer from ${remote}, and git got none: check the address and the network`,
  },
];

/**
 * Tells why a call of git failed.
 *
 * @param remote what the message calls the repository
 * @param exit how git ended
 */
export function toGitError(remote: string, exit: ProcessExit): GitSyncError {
  if (exit.exitCode === NOT_FOUND) {
    return toProcessError(remote, "git", { ...exit, startError: new Error(exit.stderr) });
  }
  const symptom = SYMPTOMS.find(({ pattern }) => pattern.test(exit.stderr));
  if (symptom === undefined) {
    return toProcessError(remote, "git", exit);
  }
  const { code, message } = symptom;
  const options = exit.exitCode === undefined ? {} : { exitCode: exit.exitCode };
  return new GitSyncError(code, message(remote), { ...options, stderr: exit.stderr });
}
