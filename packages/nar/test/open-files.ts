import { readdirSync, readlinkSync } from "node:fs";

/** Lists what this process has open below a directory. */
export function openFilesBelow(directory: string): string[] {
  return readdirSync("/proc/self/fd")
    .map((fd) => readLink(`/proc/self/fd/${fd}`))
    .filter((path) => path?.startsWith(directory) === true)
    .map(String);
}

/** The descriptor that listed the others is closed by now. */
function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
