import { GitSyncError } from "../errors.ts";
import type { GitSyncErrorCode } from "../errors.ts";

/** Codes that tell of git-lfs what they tell of git. */
const SHARED_CODES = new Set<GitSyncErrorCode>([
  "ERR_GITSYNC_HOST_KEY",
  "ERR_GITSYNC_HOST_UNKNOWN",
  "ERR_GITSYNC_KEY",
  "ERR_GITSYNC_NETWORK",
  "ERR_GITSYNC_NO_SPACE",
]);

interface Symptom {
  readonly code: GitSyncErrorCode;
  readonly pattern: RegExp;
  readonly message: (remote: string, said: string) => string;
}

/** What git-lfs says when nothing is wrong. */
const PROGRESS = /^(?:fetch: )?fetching reference /i;

/** What git-lfs 3.3 to 3.8 says, and git where there is none; most telling first. */
const SYMPTOMS: readonly Symptom[] = [
  {
    code: "ERR_GITSYNC_COMMAND",
    pattern: /'lfs' is not a git command/,
    message: () =>
      "expected git-lfs, and git does not find it: install git-lfs, or put it on the PATH that is passed in env",
  },
  {
    code: "ERR_GITSYNC_AUTH",
    pattern:
      /authori[sz]ation error|authentication required|git credentials for .+ not found|permission denied \(/i,
    message: (remote, said) =>
      `expected access to the Git LFS of ${remote}, and git-lfs was refused (${said}): check that the credentials may read its files`,
  },
  {
    code: "ERR_GITSYNC_NETWORK",
    pattern: /\bdial \w+|no such host|i\/o timeout|server error|connection reset|unexpected EOF|x509|tls:/i,
    message: (remote, said) =>
      `expected an answer from the Git LFS of ${remote}, and git-lfs got none (${said}): check the network and the server`,
  },
];

/**
 * Tells why `git lfs fetch` failed.
 *
 * @param remote what the message calls the repository
 * @param error what running it threw
 * @returns undefined where the error itself says it all
 */
export function toLfsError(remote: string, error: unknown): GitSyncError | undefined {
  if (!(error instanceof GitSyncError) || error.stderr === undefined) {
    return undefined;
  }
  const { exitCode, stderr } = error;
  const lines = stderr
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !PROGRESS.test(line));
  const options = { stderr, ...(exitCode === undefined ? {} : { exitCode }) };
  const symptom = SYMPTOMS.find(({ pattern }) => lines.some((line) => pattern.test(line)));
  if (symptom !== undefined) {
    const said = lines.find((line) => symptom.pattern.test(line)) ?? "";
    return new GitSyncError(symptom.code, symptom.message(remote, said), options);
  }
  if (SHARED_CODES.has(error.code)) {
    return error;
  }
  const [said = "nothing"] = lines;
  return new GitSyncError(
    "ERR_GITSYNC_LFS",
    `expected all files of the Git LFS of ${remote}, and git-lfs said ${JSON.stringify(said)}: push them with \`git lfs push --all\`, or check the server`,
    options,
  );
}
