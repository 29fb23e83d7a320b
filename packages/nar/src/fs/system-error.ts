import { NarError } from "../error.ts";
import type { NarErrorCode } from "../error.ts";

/** System errors that callers tell apart; any other is ERR_NAR_IO. */
const CODES: ReadonlyMap<string, NarErrorCode> = new Map([
  ["ENOENT", "ERR_NAR_NOT_FOUND"],
  ["EEXIST", "ERR_NAR_EXISTS"],
]);

/**
 * Turns what a file system call threw into a NarError about `path`, and leaves what is no system error alone.
 * @param action what was attempted, as in "could not read"
 */
export function fromSystemError(cause: unknown, action: string, path: Buffer | string): unknown {
  if (!(cause instanceof Error) || !("syscall" in cause)) return cause;
  const errno = "code" in cause ? String(cause.code) : cause.message;
  const shown = path.toString();
  return new NarError(CODES.get(errno) ?? "ERR_NAR_IO", `could not ${action} ${shown}: ${errno}`, {
    path: shown,
    cause,
  });
}
