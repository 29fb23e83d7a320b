import { closeSync, constants, fstatSync, open, openSync, read, readSync } from "node:fs";
import { promisify } from "node:util";

import { NarError } from "../error.ts";
import { fromSystemError } from "./system-error.ts";

/** A regular file, open for reading. */
export interface OpenFile {
  readonly path: Buffer;
  readonly fd: number;
  /** Bytes it had when it was opened. */
  readonly size: number;
  readonly executable: boolean;
}

// A file that was swapped since the walk saw it is refused: a link by NOFOLLOW, a pipe by isFile(), for which NONBLOCK
// keeps opening it from waiting for a writer.
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

const openInPool = promisify(open);
const readInPool = promisify(read);

/**
 * Opens a regular file in the thread pool.
 * @throws NarError ERR_NAR_FILE_CHANGED, ERR_NAR_NOT_FOUND, ERR_NAR_IO
 */
export async function openFile(path: Buffer): Promise<OpenFile> {
  try {
    return describe(path, await openInPool(path, OPEN_FLAGS));
  } catch (error) {
    throw openingFailure(error, path);
  }
}

/** Opens a regular file on this thread; see {@link openFile}. */
export function openFileSync(path: Buffer): OpenFile {
  try {
    return describe(path, openSync(path, OPEN_FLAGS));
  } catch (error) {
    throw openingFailure(error, path);
  }
}

/** Closes a file that is not being read any more. */
export function closeFile(file: OpenFile): void {
  closeSync(file.fd);
}

/**
 * Reads bytes `start` to `end` of a file, in the thread pool, into memory of their own.
 * @throws NarError ERR_NAR_FILE_CHANGED when the file has become shorter, or longer and `end` is its size; ERR_NAR_IO
 */
export async function readSpan(file: OpenFile, start: number, end: number): Promise<Uint8Array> {
  const buffer = allocateSpan(file, start, end);
  let filled = 0;
  try {
    while (filled < end - start) {
      const { bytesRead } = await readInPool(file.fd, buffer, filled, buffer.length - filled, start + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
  } catch (error) {
    throw fromSystemError(error, "read", file.path);
  }
  return checkSpan(file, buffer, filled, end - start);
}

/** Reads bytes `start` to `end` of a file on this thread; see {@link readSpan}. */
export function readSpanSync(file: OpenFile, start: number, end: number): Uint8Array {
  const buffer = allocateSpan(file, start, end);
  let filled = 0;
  try {
    while (filled < end - start) {
      const bytesRead = readSync(file.fd, buffer, filled, buffer.length - filled, start + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
  } catch (error) {
    throw fromSystemError(error, "read", file.path);
  }
  return checkSpan(file, buffer, filled, end - start);
}

function describe(path: Buffer, fd: number): OpenFile {
  const stat = fstatSync(fd);
  // Nix takes the owner's bit alone: 0655 is not executable.
  if (stat.isFile()) return { path, fd, size: stat.size, executable: (stat.mode & constants.S_IXUSR) !== 0 };
  closeSync(fd);
  throw changed(path, "its type");
}

function openingFailure(error: unknown, path: Buffer): unknown {
  // What NOFOLLOW gives for a link, where the walk saw a file.
  const isLink = error instanceof Error && "code" in error && error.code === "ELOOP";
  return isLink ? changed(path, "its type") : fromSystemError(error, "read", path);
}

function allocateSpan(file: OpenFile, start: number, end: number): Buffer {
  // At the file's end one byte more is asked for: getting it shows that the file has grown.
  return Buffer.allocUnsafe(end - start + (end === file.size ? 1 : 0));
}

function checkSpan(file: OpenFile, buffer: Buffer, filled: number, expected: number): Uint8Array {
  if (filled !== expected) throw changed(file.path, "its size");
  return buffer.subarray(0, expected);
}

function changed(path: Buffer, what: string): NarError {
  const shown = path.toString();
  return new NarError("ERR_NAR_FILE_CHANGED", `${shown} changed ${what} while it was read`, { path: shown });
}
