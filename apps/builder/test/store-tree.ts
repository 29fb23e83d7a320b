import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { promisify } from "node:util";

import { onTestFinished } from "vitest";

import type { StoreLocation } from "../src/diff/store-files.ts";

/** What is at a path of a store: the text of a file, a link, or what no store has. */
export type TreeEntry = string | { readonly link: string } | { readonly type: "fifo" };

/** A link. */
export function link(target: string): TreeEntry {
  return { link: expand(target) };
}

/** Writes store paths in full: `@1-hello` stands for the path of that name whose hash part is 32 times `1`. */
export function expand(text: string): string {
  return text.replaceAll(/@([0-9a-z])-/g, (_, digit: string) => `/nix/store/${digit.repeat(32)}-`);
}

/** Makes the files of a store elsewhere than it says they are; they go when the current test ends. */
export async function makeStoreTree(entries: Readonly<Record<string, TreeEntry>>): Promise<StoreLocation> {
  const realStoreDir = await mkdtemp(`${tmpdir()}/store-tree-`);
  onTestFinished(() => rm(realStoreDir, { recursive: true }));
  for (const [path, entry] of Object.entries(entries)) {
    const file = expand(path).replace("/nix/store", realStoreDir);
    await mkdir(dirname(file), { recursive: true });
    await makeEntry(file, entry);
  }
  return { storeDir: "/nix/store", realStoreDir };
}

async function makeEntry(file: string, entry: TreeEntry): Promise<void> {
  if (typeof entry === "string") await writeFile(file, expand(entry));
  else if ("link" in entry) await symlink(entry.link, file);
  else await promisify(execFile)("mkfifo", [file]);
}
