import type { BootPart, ClosureDiff, FileChanges, RebootReason } from "./closure-diff.ts";
import { storePathName } from "./package-name.ts";
import type { FileFingerprint, SystemFacts } from "./system-facts.ts";
import { compareTexts } from "./text-order.ts";

type Files = ReadonlyMap<string, FileFingerprint>;

/** What running another kernel, initrd, … takes a reboot for, and where the facts say it. */
const BOOT_PARTS = [
  ["kernel", "kernel"],
  ["initrd", "initrd"],
  ["kernel-modules", "kernelModules"],
  ["systemd", "systemd"],
] as const satisfies readonly (readonly [BootPart, keyof SystemFacts])[];

/** A link that makes a unit part of another: `multi-user.target.wants/sshd.service`. */
const DEPENDENCY_LINK = /^(user\/)?[^/]+\.(?:wants|requires|upholds)\/([^/]+)$/;

/** Compares what the files of two toplevels say; empty where those of either are not known. */
export function diffSystem(
  before: SystemFacts | undefined,
  after: SystemFacts | undefined,
): Pick<ClosureDiff, "reboot" | "units" | "etc"> {
  if (before === undefined || after === undefined) return {};
  const etc = diffFiles(before.etc, after.etc);
  const units = diffFiles(before.units, after.units);
  return {
    reboot: [...diffBootParts(before, after), ...diffKernelParams(before.kernelParams, after.kernelParams)],
    ...(units === undefined ? {} : { units: withoutImplied(units) }),
    ...(etc === undefined ? {} : { etc }),
  };
}

function diffBootParts(before: SystemFacts, after: SystemFacts): readonly RebootReason[] {
  return BOOT_PARTS.flatMap(([type, key]) => {
    const [from, to] = [before[key], after[key]];
    if (from === to) return [];
    return {
      type,
      ...(from === undefined ? {} : { before: storePathName(from) }),
      ...(to === undefined ? {} : { after: storePathName(to) }),
    };
  });
}

function diffKernelParams(
  before: readonly string[] = [],
  after: readonly string[] = [],
): readonly RebootReason[] {
  const isSame = before.length === after.length && before.every((param, index) => param === after[index]);
  if (isSame) return [];
  return [{ type: "kernel-params", added: subtract(after, before), removed: subtract(before, after) }];
}

/** A parameter may be given several times, as `console=` is. */
function subtract(params: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  return params.filter((param) => {
    const index = left.indexOf(param);
    if (index !== -1) left.splice(index, 1);
    return index === -1;
  });
}

function diffFiles(before: Files | undefined, after: Files | undefined): FileChanges | undefined {
  if (before === undefined || after === undefined) return undefined;
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted(compareTexts);
  const types = names.map((name) => [name, classifyFile(before.get(name), after.get(name))] as const);
  const namesOf = (wanted: FileChange): readonly string[] =>
    types.filter(([, type]) => type === wanted).map(([name]) => name);
  return {
    added: namesOf("added"),
    removed: namesOf("removed"),
    changed: namesOf("changed"),
    rebuilt: namesOf("rebuilt").length,
  };
}

type FileChange = "added" | "removed" | "changed" | "rebuilt" | "same";

function classifyFile(before: FileFingerprint | undefined, after: FileFingerprint | undefined): FileChange {
  if (before === undefined) return "added";
  if (after === undefined) return "removed";
  if (before.exact === after.exact) return "same";
  return before.content === after.content ? "rebuilt" : "changed";
}

/** Leaves out the links to a unit that came or went itself. */
function withoutImplied({ added, removed, ...others }: FileChanges): FileChanges {
  return { added: dropImplied(added), removed: dropImplied(removed), ...others };
}

function dropImplied(names: readonly string[]): readonly string[] {
  const all = new Set(names);
  return names.filter((name) => {
    const [, user = "", unit] = DEPENDENCY_LINK.exec(name) ?? [];
    return unit === undefined || !all.has(user + unit);
  });
}
