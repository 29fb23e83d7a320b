import { readFile, rm, writeFile } from "node:fs/promises";

/**
 * Does work that writes a file, and puts the file back as it was when the work fails.
 *
 * @param file its path; it may be absent
 */
export async function restoreOnFailure<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  const before = await readIfPresent(file);
  try {
    return await work();
  } catch (error) {
    if (before === undefined) await rm(file, { force: true });
    else await writeFile(file, before);
    throw error;
  }
}

async function readIfPresent(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
