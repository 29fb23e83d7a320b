/**
 * Activities followed at once. Nix has a few for each job and each connection, and lets go of each within the
 * command; a log that opens more than this never closes them.
 */
export const MAX_OPEN_ACTIVITIES = 10_000;

/** Derivations listed as failed; beyond it a reader needs the number, not the names. */
export const MAX_FAILURES = 1000;

/** Derivations and store paths listed as done; a page shows the newest, the counts tell of all. */
export const MAX_FINISHED = 1000;

/** UTF-16 units kept of an error message: its own words and the ten to 25 log lines that Nix quotes in it. */
export const MAX_MESSAGE_LENGTH = 16_384;

/** UTF-16 units kept of names, URIs and log lines: Linux PATH_MAX is 4096, a terminal's line far shorter. */
export const MAX_TEXT_LENGTH = 4096;

/** Parents looked at above an activity; Nix nests four, and a forged log could nest in a circle. */
export const MAX_DEPTH = 16;

/** Cuts text to at most `max` UTF-16 units. */
export function cutText(text: string, max: number): string {
  return text.length <= max ? text : copyText(text, max);
}

/** Copies the first `max` UTF-16 units: a slice would keep alive the whole of a line of 10 MiB. */
export function copyText(text: string, max: number): string {
  return Buffer.from(text.slice(0, max)).toString();
}

/** Lists the keys of the oldest tenth of a map of more than `max`: finding them one by one takes a scan each. */
export function listOverdue(map: ReadonlyMap<string, unknown>, max: number): readonly string[] {
  return map.size <= max ? [] : [...map.keys()].slice(0, Math.ceil(max / 10));
}

/** Sets a value; when that makes more than `max`, the oldest go. Returns the keys that went. */
export function setBounded<Value>(
  map: Map<string, Value>,
  max: number,
  [key, value]: readonly [string, Value],
): readonly string[] {
  map.set(key, value);
  const overdue = listOverdue(map, max);
  for (const old of overdue) map.delete(old);
  return overdue;
}
