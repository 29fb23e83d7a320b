/** Whether something that was caught is the system's error of that name. */
export function isErrno(error: unknown, name: "EINVAL" | "ENOENT" | "ENOTDIR"): boolean {
  return error instanceof Error && "code" in error && error.code === name;
}
