import { readFile } from "node:fs/promises";

import { errnoOf, GitSyncError } from "../errors.ts";

/** First bytes of a key in OpenSSH's own format, before the name of its cipher. */
const OPENSSH_MAGIC = "openssh-key-v1\0";

/**
 * Says of a refused key that it has a passphrase, which ssh itself does not when it may not ask for one.
 *
 * @param error what ssh's failure was taken for
 * @param keyFile the private key that was named, if any
 * @returns ERR_GITSYNC_KEY where a passphrase was the reason, else the error as it is
 */
export async function explainRefusedKey(error: unknown, keyFile: string | undefined): Promise<unknown> {
  const isRefused = error instanceof GitSyncError && error.code === "ERR_GITSYNC_AUTH";
  if (!isRefused || keyFile === undefined || !(await isEncryptedKey(keyFile))) {
    return error;
  }
  const message = `expected a key that needs no passphrase in ${keyFile}, got one that does: name a key without, or load it into the ssh-agent that SSH_AUTH_SOCK names`;
  const { exitCode, stderr } = error;
  return new GitSyncError("ERR_GITSYNC_KEY", message, {
    cause: error,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(stderr === undefined ? {} : { stderr }),
  });
}

/**
 * Whether a file holds an encrypted private key.
 *
 * @see https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key
 */
async function isEncryptedKey(keyFile: string): Promise<boolean> {
  const text = await readFile(keyFile, "latin1").catch((error: unknown) => {
    // ssh could read it a moment ago; it knows the reason, and has told it.
    if (errnoOf(error) === undefined) {
      throw error;
    }
    return "";
  });
  const [, base64 = ""] = /-----BEGIN OPENSSH PRIVATE KEY-----([^-]*)/.exec(text) ?? [];
  const bytes = Buffer.from(base64, "base64");
  if (bytes.toString("latin1", 0, OPENSSH_MAGIC.length) !== OPENSSH_MAGIC) {
    return /BEGIN ENCRYPTED PRIVATE KEY|Proc-Type: 4,ENCRYPTED/.test(text);
  }
  const cipher = bytes.subarray(OPENSSH_MAGIC.length);
  // The name's length in 4 bytes, then the name.
  return cipher.toString("latin1", 4, 8) !== "none";
}
