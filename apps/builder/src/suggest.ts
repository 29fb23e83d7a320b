import { closest, distance } from "fastest-levenshtein";

import { CommandError } from "./command-error.ts";
import { EXIT } from "./exit-codes.ts";

/** More than this part of a name wrong is another name. */
const MAX_WRONG = 0.4;

/** Known names that fit a message. */
const MAX_LISTED = 10;

/** Finds the known name that a mistyped one most likely stands for. */
export function suggest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const nearest = closest(name, [...known]);
  const allowed = Math.max(1, Math.floor(Math.max(name.length, nearest.length) * MAX_WRONG));
  return distance(name, nearest) <= allowed ? nearest : undefined;
}

/**
 * Checks that hosts exist.
 *
 * @throws {CommandError} 2 naming the one that was probably meant, or those that there are
 */
export function requireKnownHosts(hosts: readonly string[], known: readonly string[]): void {
  for (const host of hosts) {
    if (known.includes(host)) continue;
    throw new CommandError(`unknown host "${host}": ${describeKnown(host, known)}`, EXIT.usage);
  }
}

function describeKnown(host: string, known: readonly string[]): string {
  const meant = suggest(host, known);
  if (meant !== undefined) return `did you mean ${meant}?`;
  if (known.length === 0) return "there is none yet";
  const more = known.length > MAX_LISTED ? `, and ${known.length - MAX_LISTED} more` : "";
  return `the hosts are ${known.slice(0, MAX_LISTED).join(", ")}${more}`;
}
