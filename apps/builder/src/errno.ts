/** Errors of the system that someone here knows what to do about. */
type ErrnoName = "EINVAL" | "ENOENT" | "ENOTDIR" | "EPERM" | "EPIPE" | "ESRCH";

/** Whether something that was caught is the system's error of that name. */
export function isErrno(error: unknown, name: ErrnoName): boolean {
  return error instanceof Error && "code" in error && error.code === name;
}
