import { ClosureDiffError } from "./closure-diff-error.ts";
import type { ClosureDiff, ClosureTotals, FileChanges, PackageChange, RebootReason } from "./closure-diff.ts";
import {
  expectCount,
  expectInteger,
  expectList,
  expectOneOf,
  expectRecord,
  expectText,
  expectTexts,
  type Place,
  refuse,
} from "./expect.ts";

const PACKAGE_CHANGE_TYPES = ["upgraded", "downgraded", "changed", "added", "removed", "resized"] as const;
const REBOOT_TYPES = ["kernel", "initrd", "kernel-modules", "systemd", "kernel-params"] as const;

/**
 * Checks data that was a diff once, such as JSON from a database. Keys that a diff does not have are left out.
 *
 * @throws {ClosureDiffError} ERR_CLOSURE_DIFF_VERSION when a newer version of this library made it,
 *   ERR_CLOSURE_DIFF_INVALID when it is no diff
 * @example
 * const diff = parseClosureDiff(JSON.parse(text));
 */
export function parseClosureDiff(value: unknown): ClosureDiff {
  const record = expectRecord(value, "");
  checkVersion(expectCount(record["formatVersion"], "formatVersion"));
  const { reboot, units, etc } = record;
  return {
    formatVersion: 1,
    before: readTotals(record["before"], "before"),
    after: readTotals(record["after"], "after"),
    sizeDelta: expectInteger(record["sizeDelta"], "sizeDelta"),
    packages: expectList(record["packages"], "packages", readPackage),
    rebuilt: expectCount(record["rebuilt"], "rebuilt"),
    ...(reboot === undefined ? {} : { reboot: expectList(reboot, "reboot", readReason) }),
    ...(units === undefined ? {} : { units: readFiles(units, "units") }),
    ...(etc === undefined ? {} : { etc: readFiles(etc, "etc") }),
  };
}

function checkVersion(version: number): void {
  if (version === 1) return;
  throw new ClosureDiffError(
    "ERR_CLOSURE_DIFF_VERSION",
    `expected a diff of format 1, got format ${version}`,
    {
      key: "formatVersion",
    },
  );
}

function readTotals(value: unknown, place: Place): ClosureTotals {
  const record = expectRecord(value, place);
  return {
    toplevel: expectText(record["toplevel"], `${place}.toplevel`),
    closureSize: expectCount(record["closureSize"], `${place}.closureSize`),
    pathCount: expectCount(record["pathCount"], `${place}.pathCount`),
  };
}

function readPackage(value: unknown, place: Place): PackageChange {
  const record = expectRecord(value, place);
  return {
    type: expectOneOf(record["type"], PACKAGE_CHANGE_TYPES, `${place}.type`),
    name: expectText(record["name"], `${place}.name`),
    before: expectTexts(record["before"], `${place}.before`),
    after: expectTexts(record["after"], `${place}.after`),
    sizeDelta: expectInteger(record["sizeDelta"], `${place}.sizeDelta`),
  };
}

function readReason(value: unknown, place: Place): RebootReason {
  const record = expectRecord(value, place);
  const type = expectOneOf(record["type"], REBOOT_TYPES, `${place}.type`);
  if (type === "kernel-params") {
    return {
      type,
      added: expectTexts(record["added"], `${place}.added`),
      removed: expectTexts(record["removed"], `${place}.removed`),
    };
  }
  const { before, after } = record;
  if (before === undefined && after === undefined) throw refuse("before or after", undefined, place);
  return {
    type,
    ...(before === undefined ? {} : { before: expectText(before, `${place}.before`) }),
    ...(after === undefined ? {} : { after: expectText(after, `${place}.after`) }),
  };
}

function readFiles(value: unknown, place: Place): FileChanges {
  const record = expectRecord(value, place);
  return {
    added: expectTexts(record["added"], `${place}.added`),
    removed: expectTexts(record["removed"], `${place}.removed`),
    changed: expectTexts(record["changed"], `${place}.changed`),
    rebuilt: expectCount(record["rebuilt"], `${place}.rebuilt`),
  };
}
