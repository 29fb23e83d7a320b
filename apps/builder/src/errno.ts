/** Errors of the system that someone here knows what to do about. */
type ErrnoName =
  | "EACCES"
  | "EEXIST"
  | "EINVAL"
  | "ENOENT"
  | "ENOTDIR"
  | "ENOTEMPTY"
  | "EPERM"
  | "EPIPE"
  | "EROFS"
  | "ESRCH";

/** Whether something that was caught is one of the system's errors of these names. */
export function isErrno(error: unknown, ...names: readonly ErrnoName[]): boolean {
  return error instanceof Error && "code" in error && names.some((name) => name === error.code);
}
