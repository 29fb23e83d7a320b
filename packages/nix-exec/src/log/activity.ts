import type { Activity, GroupActivityType } from "./event.ts";
import { readText } from "./fields.ts";

/** ActivityType of Nix's logging.hh; the numbers have never changed meaning. */
const GROUP_TYPES: ReadonlyMap<number, GroupActivityType> = new Map([
  [102, "realise"],
  [103, "copy-paths"],
  [104, "builds"],
  [106, "optimise-store"],
  [107, "verify-paths"],
  [111, "build-waiting"],
  [112, "fetch-tree"],
]);

/** Reads an activity; a number that is not known is `other`. */
export function readActivity(code: number, fields: readonly unknown[]): Activity {
  const [first = "", second = "", third = ""] = fields.slice(0, 3).map(readText);
  switch (code) {
    case 100:
      return { type: "copy-path", storePath: first, from: second, to: third };
    case 101:
      return { type: "file-transfer", uri: first };
    case 105:
      return { type: "build", drvPath: first, machine: second };
    case 108:
      return { type: "substitute", storePath: first, substituter: second };
    case 109:
      return { type: "query-path-info", storePath: first, uri: second };
    case 110:
      return { type: "post-build-hook", drvPath: first };
    case 113:
      return { type: "fetch-to-store", sourcePath: first };
    default:
      return { type: GROUP_TYPES.get(code) ?? "other" };
  }
}

/** Names the type of an activity by its number. */
export function activityTypeOf(code: number): Activity["type"] {
  return readActivity(code, []).type;
}
