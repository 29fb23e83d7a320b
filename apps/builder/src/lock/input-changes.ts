import type { LockInput } from "@nix-cache/history";

/** An input that is pinned to something else than before. */
export interface InputChange {
  /** Path of inputs from the root. */
  readonly name: string;
  /** What it was pinned to; absent where it is new. */
  readonly before?: LockInput;
  /** What it is pinned to; absent where it is gone. */
  readonly after?: LockInput;
}

/** Lists the inputs that differ between two locks, by name. */
export function listInputChanges(
  before: readonly LockInput[],
  after: readonly LockInput[],
): readonly InputChange[] {
  const older = new Map(before.map((input) => [input.name, input]));
  const newer = new Map(after.map((input) => [input.name, input]));
  const names = [...new Set([...older.keys(), ...newer.keys()])].toSorted();
  return names.flatMap((name) => {
    const change = { before: older.get(name), after: newer.get(name) };
    return isSame(change.before, change.after) ? [] : [toChange(name, change.before, change.after)];
  });
}

function toChange(name: string, before: LockInput | undefined, after: LockInput | undefined): InputChange {
  return { name, ...(before && { before }), ...(after && { after }) };
}

function isSame(a: LockInput | undefined, b: LockInput | undefined): boolean {
  return a?.rev === b?.rev && a?.narHash === b?.narHash && a?.url === b?.url;
}
