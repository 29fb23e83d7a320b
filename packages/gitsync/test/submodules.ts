import { lstatSync } from "node:fs";
import { join } from "node:path";

import type { EngineName } from "../src/index.ts";
import { optionsFor } from "./engines.ts";
import { commitAll, inspectCheckout, makeTempDir, runGit, snapshot } from "./repository.ts";
import type { Inspection } from "./repository.ts";

/** git refuses local paths as submodules unless told otherwise. */
const LOCAL = ["-c", "protocol.file.allow=always"];

/** What the real git says about a checkout and its submodules. */
export interface SubmoduleInspection extends Inspection {
  /** Paths and commits of all submodules; a sign before one says that it is not as it should be. */
  readonly submodules: readonly string[];
  /** What `git status` and `git fsck` say in each of them. */
  readonly inside: string;
  /** What `git submodule update --init --recursive` does. */
  readonly update: string;
}

/** Options of a sync with submodules. */
export function makeSubmoduleOptions(
  url: string,
  engine: EngineName,
  directory?: string,
): ReturnType<ReturnType<typeof optionsFor>> & { submodules: boolean } {
  return { ...optionsFor(engine)(url, directory), submodules: true };
}

/** Adds a repository as a submodule, and commits that. */
export function addSubmodule(directory: string, url: string, path: string, ...options: string[]): string {
  runGit(directory, ...LOCAL, "submodule", "--quiet", "add", ...options, "--", url, path);
  runGit(directory, ...LOCAL, "submodule", "--quiet", "update", "--init", "--recursive");
  return commitAll(directory);
}

/** Pins a submodule to a commit of its repository, and those inside it to theirs. */
export function moveSubmodule(directory: string, path: string, revision = "origin/main"): string {
  const inner = join(directory, path);
  runGit(inner, ...LOCAL, "fetch", "--quiet", "origin");
  runGit(inner, "checkout", "--quiet", "--detach", revision);
  runGit(inner, ...LOCAL, "submodule", "--quiet", "update", "--init", "--recursive");
  return commitAll(directory);
}

/** Lets the real git judge a checkout and its submodules. */
export function inspectSubmodules(directory: string): SubmoduleInspection {
  const judge = "git status --porcelain --ignored && git fsck --full --no-dangling 2>&1";
  return {
    ...inspectCheckout(directory),
    submodules: listSubmodules(directory),
    inside: runGit(directory, "submodule", "--quiet", "foreach", "--recursive", judge),
    update: runGit(directory, "submodule", "update", "--init", "--recursive"),
  };
}

/** What {@link inspectSubmodules} says of a recursive clone that the real git makes. */
export function inspectClone(
  upstream: string,
  clone: string = join(makeTempDir(), "clone"),
): SubmoduleInspection {
  runGit("/", ...LOCAL, "clone", "--quiet", "--recurse-submodules", upstream, clone);
  return inspectSubmodules(clone);
}

/** {@link snapshot} of the files that make up the checkout; more objects in a repository do not change it. */
export function snapshotFiles(directory: string): Record<string, string> {
  const entries = Object.entries(snapshot(directory));
  return Object.fromEntries(
    entries.filter(([path]) => !/\/\.git\/.*\bobjects\//.test(path) && !lstatSync(path).isDirectory()),
  );
}

function listSubmodules(directory: string): readonly string[] {
  const lines = runGit(directory, "submodule", "status", "--recursive").split("\n");
  // The name of a commit in parentheses depends on the refs that are there.
  return lines.map((line) => line.replace(/ \([^)]*\)$/, ""));
}
