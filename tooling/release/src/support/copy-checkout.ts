import { cp, mkdir } from "node:fs/promises";
import { dirname } from "node:path";

import { execa } from "execa";

import { listDirectories } from "./members.ts";
import { ROOT } from "./places.ts";
import { tempDirForTest } from "./temp-dir.ts";

/** What versions and CHANGELOGs are made from, besides each member's package.json. */
const SHARED = [
  ".changeset",
  "package.json",
  "pnpm-lock.yaml",
  "pnpm-workspace.yaml",
  "tooling/release/src/changelog.ts",
];

/** Copies what a release reads and writes into a repository of its own, which goes when the current test ends. */
export async function copyCheckout(): Promise<string> {
  const copy = await tempDirForTest("release");
  const groups = await Promise.all(["apps", "packages", "tooling"].map(listDirectories));
  const links = groups.flat().map((member) => `${member}/node_modules/@nix-cache`);
  const manifests = groups.flat().map((member) => `${member}/package.json`);
  for (const path of [...SHARED, ...manifests, ...links]) await copyIfPresent(path, copy);
  const git = ["-c", "user.name=Release", "-c", "user.email=release@example.org"];
  await execa("git", ["init", "--quiet", "--initial-branch=main"], { cwd: copy });
  await execa("git", ["add", "--all"], { cwd: copy });
  await execa("git", [...git, "commit", "--quiet", "--message=Copy"], { cwd: copy });
  return copy;
}

async function copyIfPresent(path: string, copy: string): Promise<void> {
  await mkdir(dirname(`${copy}/${path}`), { recursive: true });
  // The links between members are relative, and lead to the copies.
  await cp(`${ROOT}/${path}`, `${copy}/${path}`, { recursive: true, verbatimSymlinks: true }).catch(
    (error: unknown) => {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    },
  );
}
