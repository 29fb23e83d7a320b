import { createHash } from "node:crypto";

/** What the first lines of a file that we wrote say. */
export interface SealNotes {
  /** What the file was made from. */
  readonly configFile: string;
  /** Where the administrator's own changes go. */
  readonly ownChanges: string;
  /** What else the file stands for: it changes with it. */
  readonly version?: string;
}

/** Whose a file is: `changed` was ours until someone else wrote to it. */
export type FileOrigin = "ours" | "changed" | "foreign";

const SEAL = /^# Written by nix-cache-builder install\b.*\n(?:#.*\n)*?# sha256:([0-9a-f]{64})\n/;

/** Puts lines above a file's text that tell that we wrote it, and whether anybody has changed it since. */
export function sealText(text: string, { configFile, ownChanges, version }: SealNotes): string {
  return [
    `# Written by nix-cache-builder install, from ${configFile.replaceAll(/\p{Cc}/gu, "?")}.`,
    `# It leaves a file that was changed alone: changes of your own go into ${ownChanges}`,
    ...(version === undefined ? [] : [`# Of ${version}.`]),
    `# sha256:${digestOf(text)}`,
    text,
  ].join("\n");
}

/** Tells whose a file is, by its text. */
export function originOf(text: string): FileOrigin {
  const [seal, digest] = SEAL.exec(text) ?? [];
  if (seal === undefined) return "foreign";
  return digest === digestOf(text.slice(seal.length)) ? "ours" : "changed";
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
