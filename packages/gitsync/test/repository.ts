import { execFileSync } from "node:child_process";
import {
  cpSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { onTestFinished } from "vitest";

/** Nothing of the user's: git's own configuration apart from what a test says. */
export const environment: Readonly<Record<string, string>> = {
  PATH: process.env["PATH"] ?? "/usr/bin:/bin",
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Tester",
  GIT_AUTHOR_EMAIL: "tester@example.org",
  GIT_COMMITTER_NAME: "Tester",
  GIT_COMMITTER_EMAIL: "tester@example.org",
  GIT_AUTHOR_DATE: "1700000000 +0100",
  GIT_COMMITTER_DATE: "1700000000 +0100",
};

/** Makes a directory that is gone when the test is over. */
export function makeTempDir(): string {
  const path = mkdtempSync(join(tmpdir(), "gitsync-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Makes a copy of a checkout that is gone when the test is over. */
export function copyCheckout(checkout: string): string {
  const directory = join(makeTempDir(), "checkout");
  cpSync(checkout, directory, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  return directory;
}

/** Runs the real git, and returns what it prints. */
export function runGit(directory: string, ...args: string[]): string {
  return runGitWith(environment, directory, ...args);
}

/** {@link runGit} with another environment. */
export function runGitWith(env: typeof environment, directory: string, ...args: string[]): string {
  return execFileSync("git", args, {
    cwd: directory,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 2 ** 26,
  }).trimEnd();
}

/** Writes files below a directory, making those above them. */
export function writeFiles(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [path, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), contents);
  }
}

/** Commits everything in a repository, and returns the revision. */
export function commitAll(directory: string, env: typeof environment = environment): string {
  runGitWith(env, directory, "add", "--all", "--force");
  runGitWith(env, directory, "commit", "--quiet", "--allow-empty", "--message", "change");
  return runGitWith(env, directory, "rev-parse", "HEAD");
}

/** Makes a repository with one commit on main. */
export function createUpstream(files: Readonly<Record<string, string>> = { "flake.nix": "{ }\n" }): string {
  const directory = join(makeTempDir(), "upstream");
  mkdirSync(directory);
  runGit(directory, "init", "--quiet", "--initial-branch=main");
  writeFiles(directory, files);
  commitAll(directory);
  return directory;
}

/** Options of a sync from a repository to a directory where nothing is yet. */
export function makeOptions(
  url: string,
  directory: string = join(makeTempDir(), "checkout"),
): { url: string; branch: string; directory: string; env: typeof environment } {
  return { url, branch: "main", directory, env: environment };
}

/** Paths of everything below a directory. */
export function listBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" }).map((name) => join(directory, name));
}

/** The user nobody. */
const STRANGER = 65_534;

/** Gives everything in a directory to somebody else, which only root can; for others it does nothing. */
export function giveAway(directory: string): void {
  if (process.getuid?.() === 0) {
    changeOwner(directory, STRANGER);
  }
}

/** Undoes {@link giveAway}. */
export function takeBack(directory: string): void {
  if (process.getuid?.() === 0) {
    changeOwner(directory, 0);
  }
}

function changeOwner(directory: string, uid: number): void {
  for (const path of [directory, ...listBelow(directory)]) {
    lchownSync(path, uid, uid);
  }
}

/** Everything that can be seen of a directory, short of access times. */
export function snapshot(directory: string): Record<string, string> {
  const entries = listBelow(directory).map((path) => {
    const { ctimeNs, ino } = lstatSync(path, { bigint: true });
    return [path, `${ino} ${ctimeNs}`] as const;
  });
  return Object.fromEntries(entries);
}

/** What the real git says about a checkout, and about the branch that it follows. */
export interface Inspection {
  readonly revision: string;
  readonly head: string;
  /** Number of commits in its history. */
  readonly commits: string;
  /** What `git status --porcelain --ignored` prints. */
  readonly status: string;
  /** The same with an index made from the commit alone, so that nothing in ours can hide a difference. */
  readonly freshStatus: string;
  /** What `git fsck --full` prints. */
  readonly fsck: string;
}

/** Lets the real git judge a checkout. */
export function inspectCheckout(directory: string, env: typeof environment = environment): Inspection {
  const status = runGitWith(env, directory, "status", "--porcelain", "--ignored");
  const fresh = join(directory, ".git/fresh-index");
  const withFreshIndex = { cwd: directory, env: { ...env, GIT_INDEX_FILE: fresh } };
  execFileSync("git", ["read-tree", "HEAD"], withFreshIndex);
  const freshStatus = execFileSync("git", ["status", "--porcelain", "--ignored"], withFreshIndex).toString();
  rmSync(fresh);
  const names = runGit(directory, "rev-parse", "HEAD", "--symbolic-full-name", "HEAD");
  const [revision = "", head = ""] = names.split("\n");
  return {
    revision,
    head,
    commits: runGit(directory, "rev-list", "--count", "HEAD"),
    status,
    freshStatus,
    fsck: runGit(directory, "fsck", "--full", "--no-dangling"),
  };
}

/** What {@link inspectCheckout} says of a checkout that is exactly a branch of a repository. */
export function inspectUpstream(upstream: string, branch = "main"): Inspection {
  const ref = `refs/heads/${branch}`;
  return {
    revision: runGit(upstream, "rev-parse", ref),
    head: ref,
    commits: runGit(upstream, "rev-list", "--count", ref),
    status: "",
    freshStatus: "",
    fsck: "",
  };
}
