import { stripVTControlCharacters } from "node:util";

/** Everything below space but tab and line feed, DEL, and the C1 block. */
// oxlint-disable-next-line no-control-regex -- control characters are what this finds
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** What makes a terminal show text in another order than it is in. */
const BIDI_CONTROLS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Makes text that others wrote (a builder, a flake, a repository) harmless on a terminal: no sequence that moves the
 * cursor, sets a title or a color, rings, or hides what is there; tab and line feed stay.
 */
export function toSafeText(text: string): string {
  return stripVTControlCharacters(text).replace(CONTROL_CHARACTERS, "").replace(BIDI_CONTROLS, "");
}

/** What a store path has before its name. */
const STORE_PATH_HEAD = /\/[^\s'"]*\/[0-9a-z]{32}-(?=[\w+.?=-])/g;

/** Which program failed is beside it, or of no use, and leaves little room on a line for why. */
const PROGRAM_HEAD = /^nix[\w -]* ended with status \d+: /;

/**
 * Makes a line of a report out of a reason: the first line that says something, harmless, with store paths as their
 * names alone; `""` where none does.
 */
export function firstLineOf(text: string): string {
  const lines = toSafeText(text).split("\n");
  const line = lines.find((one) => one.trim() !== "") ?? "";
  return line
    .trim()
    .replaceAll("\t", " ")
    .replace(PROGRAM_HEAD, "")
    .replace(/^error: */, "")
    .replaceAll(STORE_PATH_HEAD, "");
}
