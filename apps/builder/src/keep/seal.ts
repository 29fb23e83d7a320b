import { randomUUID } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";

import { isErrno } from "../errno.ts";
import type { Places } from "../places.ts";

const MARKER_TEXT = `This directory belongs to nix-cache-builder. <host>-result is the newest published system of a host,
<host>-result-<generation> each one that is kept. A generation whose link you delete is let go by the next run or prune,
unless it is the newest or pinned. Leave this file where it is: without it, missing links are only made again.
`;
const TOKEN = /^seal: (\S+)$/m;

/**
 * Whether links, roots and history were left in agreement, and cacheDir is what it was then but for what a person did:
 * neither an unmounted disk, nor another one, nor an older backup, nor the work of a command that was killed.
 */
export async function isSealed({ markerFile, sealFile }: Places): Promise<boolean> {
  const marker = await readToken(markerFile);
  return marker !== undefined && marker === (await readToken(sealFile));
}

/** Says that links, roots and history agree. */
export async function seal(places: Places): Promise<void> {
  if (await isSealed(places)) return;
  const { cacheDir, markerFile, sealFile } = places;
  await mkdir(cacheDir, { recursive: true });
  const line = `seal: ${randomUUID()}\n`;
  await writeFile(markerFile, `${MARKER_TEXT}${line}`);
  await writeFile(sealFile, line);
}

/** Says that links are about to be changed: they agree again when all is done. */
export async function breakSeal({ sealFile }: Places): Promise<void> {
  await rm(sealFile, { force: true });
}

/** Tells people what the directory is, from its first use on. */
export async function writeMarker({ markerFile }: Places): Promise<void> {
  try {
    await writeFile(markerFile, MARKER_TEXT, { flag: "wx" });
  } catch (error) {
    if (!isErrno(error, "EEXIST")) throw error;
  }
}

async function readToken(file: string): Promise<string | undefined> {
  try {
    return TOKEN.exec(await readFile(file, "utf8"))?.[1];
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR", "EACCES")) return undefined;
    throw error;
  }
}
