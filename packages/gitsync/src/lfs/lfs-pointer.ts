import { GitSyncError } from "../errors.ts";

/** What a pointer of Git LFS stands for. */
export interface LfsPointer {
  /** SHA-256 of the contents, 64 hexadecimal digits. */
  readonly oid: string;
  /** Size of the contents in bytes. */
  readonly size: number;
}

/** Git LFS takes nothing of this size for a pointer. */
export const MAX_POINTER_BYTES = 1024;

/** The format, and two names that it had before; git-lfs reads all three. */
const VERSION =
  /^version (?:https:\/\/git-lfs\.github\.com\/spec\/v1|https:\/\/hawser\.github\.com\/spec\/v1|http:\/\/git-media\.io\/v\/2)$/;
const EXTENSION = /^ext-\d-\w+ /;
const OID = /^oid sha256:([0-9a-f]{64})$/;
const SIZE = /^size (\d{1,16})$/;

/**
 * Parses the pointer that a blob may be.
 *
 * @param bytes the blob
 * @returns undefined when it is none: such a file is what it is, whatever its attributes say
 * @throws GitSyncError ERR_GITSYNC_LFS for a pointer with extensions, whose contents only other programs can restore
 * @see https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md#the-pointer
 */
export function parseLfsPointer(bytes: Uint8Array): LfsPointer | undefined {
  if (bytes.length >= MAX_POINTER_BYTES) {
    return undefined;
  }
  const lines = Buffer.from(bytes).toString("latin1").trim().split(/\r?\n/);
  const extensions = lines.filter((line) => EXTENSION.test(line));
  const [version = "", oidLine = "", sizeLine = "", ...rest] = lines.filter(
    (line) => line !== "" && !EXTENSION.test(line),
  );
  const oid = OID.exec(oidLine)?.[1];
  const size = Number(SIZE.exec(sizeLine)?.[1]);
  if (!VERSION.test(version) || oid === undefined || !Number.isSafeInteger(size) || rest.length > 0) {
    return undefined;
  }
  if (extensions.length > 0) {
    const message = `expected a pointer of Git LFS without extensions, got ${JSON.stringify(extensions[0])}`;
    throw new GitSyncError("ERR_GITSYNC_LFS", message);
  }
  return { oid, size };
}
