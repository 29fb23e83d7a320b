import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import { dirname } from "node:path";

import { encodeNixBase32 } from "@nix-cache/narinfo";

import { isErrno } from "../errno.ts";
import { readLinkIfPresent } from "../links.ts";

/**
 * Whether Nix takes a link for a GC root: it really is below Nix's own directory, or it is registered there. Asked of
 * the file system: `nix-store --gc --print-roots` would drop the registrations of links whose disk is not mounted.
 *
 * @param stateDir Nix's
 * @see https://nix.dev/manual/nix/latest/package-management/garbage-collector-roots
 */
export async function isEffectiveRoot(link: string, stateDir: string): Promise<boolean> {
  const rootsDir = await realpathIfPresent(`${stateDir}/gcroots`);
  const directory = await realpathIfPresent(dirname(link));
  if (rootsDir === undefined || directory === undefined) return false;
  // Nix follows no links between directories.
  if (directory === rootsDir || directory.startsWith(`${rootsDir}/`)) return true;
  return (await readLinkIfPresent(registrationOf(link, stateDir))) === link;
}

/** Where Nix registers a link that is elsewhere: `addIndirectRoot` in Nix's src/libstore/local-gc.cc. */
export function registrationOf(link: string, stateDir: string): string {
  const digest = createHash("sha1").update(link).digest();
  return `${stateDir}/gcroots/auto/${encodeNixBase32(digest)}`;
}

async function realpathIfPresent(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}
