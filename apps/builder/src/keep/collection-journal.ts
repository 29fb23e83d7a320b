import { readFile, rename, rm, writeFile } from "node:fs/promises";

import { isErrno } from "../errno.ts";
import type { Places } from "../places.ts";

/**
 * Reads what a collection that did not come to its end was to delete. Its toplevels may be gone already, and with them
 * the way to the rest.
 */
export async function readJournal({ journalFile }: Places): Promise<readonly string[]> {
  try {
    const paths: unknown = JSON.parse(await readFile(journalFile, "utf8"));
    return Array.isArray(paths) ? paths.filter((path) => typeof path === "string") : [];
  } catch (error) {
    if (isErrno(error, "ENOENT") || error instanceof SyntaxError) return [];
    throw error;
  }
}

/** Says what is about to be deleted. */
export async function writeJournal({ journalFile }: Places, paths: readonly string[]): Promise<void> {
  await writeFile(`${journalFile}.new`, JSON.stringify(paths), { flush: true });
  await rename(`${journalFile}.new`, journalFile);
}

/** Says that it is deleted. */
export async function clearJournal({ journalFile }: Places): Promise<void> {
  await rm(journalFile, { force: true });
}
