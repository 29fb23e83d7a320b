import { lstatSync, readFileSync } from "node:fs";

import type { InstallFile } from "./render-files.ts";
import { originOf } from "./seal-text.ts";

/** What is to be done about a file. */
export type FileChange =
  | { readonly type: "written"; readonly path: string; readonly text: string }
  | { readonly type: "updated"; readonly path: string; readonly text: string; readonly before: string }
  | { readonly type: "unchanged"; readonly path: string }
  /** Ours, and no longer wanted. */
  | { readonly type: "removed"; readonly path: string }
  /** Not ours, or changed since we wrote it: it is left as it is. */
  | { readonly type: "left"; readonly path: string; readonly reason: string };

/**
 * Says what is to be done so that the files are those that are wanted.
 *
 * @param paths every path at which we may have written a file
 */
export function compareFiles(files: readonly InstallFile[], paths: readonly string[]): readonly FileChange[] {
  const wanted = new Map(files.map(({ path, text }) => [path, text]));
  return paths.flatMap((path) => {
    const change = compareFile(path, wanted.get(path));
    return change === undefined ? [] : [change];
  });
}

function compareFile(path: string, text: string | undefined): FileChange | undefined {
  const state = lstatSync(path, { throwIfNoEntry: false });
  if (state === undefined) return text === undefined ? undefined : { type: "written", path, text };
  if (!state.isFile()) return { type: "left", path, reason: "it is no file of ours" };
  const before = readFileSync(path, "utf8");
  if (before === text) return { type: "unchanged", path };
  const origin = originOf(before);
  if (origin === "foreign") return { type: "left", path, reason: "it was not written by this command" };
  if (origin === "changed") return { type: "left", path, reason: "it was changed by hand" };
  return text === undefined ? { type: "removed", path } : { type: "updated", path, text, before };
}
