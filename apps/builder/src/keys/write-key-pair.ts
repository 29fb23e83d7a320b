import { randomBytes } from "node:crypto";
import { chmod, link, mkdir, open, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";

import { formatPublicKey, formatSecretKey, generateSecretKey, toPublicKey } from "@nix-cache/narinfo";

import { CommandError } from "../command-error.ts";
import { isErrno } from "../errno.ts";
import { EXIT } from "../exit-codes.ts";
import { syncDirectory } from "../links.ts";

/** Bytes of the seed of an ed25519 key (RFC 8032, section 5.1.5). */
const SEED_BYTES = 32;

/** The key's name goes into file names and into nix.conf, where blanks and colons separate. */
const KEY_NAME = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/;

const DIRECTORY_MODE = 0o755;

/** A key pair on the disk. */
export interface KeyPairFiles {
  readonly secretFile: string;
  readonly publicFile: string;
  /** `name:base64`, as clients trust it. */
  readonly publicKey: string;
}

/**
 * Makes a key pair in Nix's format: the secret key for its owner alone, the public one for all. Nothing is overwritten,
 * and a key is there whole or not at all.
 *
 * @param directory made when missing, for all to enter: the configuration is often beside the keys
 * @throws {@link CommandError} 2 for a name that cannot be one, 1 when there are such files already
 * @see https://nix.dev/manual/nix/latest/command-ref/new-cli/nix3-key-generate-secret
 */
export async function writeKeyPair(name: string, directory: string): Promise<KeyPairFiles> {
  if (!KEY_NAME.test(name)) throw new CommandError(describeBadName(name), EXIT.usage);
  const secretKey = generateSecretKey(name, randomBytes(SEED_BYTES));
  const publicKey = formatPublicKey(toPublicKey(secretKey));
  const secretFile = `${directory}/${name}.secret`;
  const publicFile = `${directory}/${name}.public`;
  try {
    await makeDirectory(directory);
    await writeNewFile({ file: secretFile, text: formatSecretKey(secretKey), mode: 0o400 });
  } catch (cause) {
    if (!isErrno(cause, "EACCES", "EPERM", "EROFS")) throw cause;
    const message = `${directory} cannot be written to: run this as root, or name another directory with --out`;
    throw new CommandError(message, EXIT.failed, { cause });
  }
  try {
    await writeNewFile({ file: publicFile, text: publicKey, mode: 0o444 });
  } catch (error) {
    // Nobody knows its public half.
    await rm(secretFile);
    throw error;
  }
  await syncDirectory(directory);
  return { secretFile, publicFile, publicKey };
}

async function makeDirectory(directory: string): Promise<void> {
  const last = resolve(directory);
  const first = await mkdir(last, { recursive: true });
  if (first === undefined) return;
  const outer = dirname(first);
  // What the umask took away is given back.
  for (let made = last; made !== outer; made = dirname(made)) await chmod(made, DIRECTORY_MODE);
}

function describeBadName(name: string): string {
  const rule = "expected letters, digits and . _ + - alone, as in cache.example.org-1";
  return `the key cannot be named "${name}": ${rule}`;
}

interface NewFile {
  readonly file: string;
  readonly text: string;
  readonly mode: number;
}

/** A link fails where there is a file already, and shows it only once it is written. */
async function writeNewFile({ file, text, mode }: NewFile): Promise<void> {
  const fresh = `${file}.${randomBytes(6).toString("hex")}.new`;
  try {
    await writeSynced(fresh, text, mode);
    await link(fresh, file);
  } catch (cause) {
    if (!isErrno(cause, "EEXIST")) throw cause;
    throw new CommandError(
      `${file} is there already: a key is never overwritten, take another name`,
      EXIT.failed,
      { cause },
    );
  } finally {
    await rm(fresh, { force: true });
  }
}

async function writeSynced(file: string, text: string, mode: number): Promise<void> {
  const handle = await open(file, "wx", 0o400);
  try {
    await handle.writeFile(text);
    // What the umask took away is given back.
    await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
