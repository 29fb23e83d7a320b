import type { ActivityTree, OpenActivity } from "./activity-tree.ts";
import { cutText, MAX_TEXT_LENGTH } from "./bounds.ts";
import type { FinishedTransfer, RunningTransfer } from "./build-snapshot.ts";
import type { Activity } from "./event.ts";
import { createFinishedList } from "./finished-list.ts";
import { nameOfFile, nameOfStorePath } from "./store-path-name.ts";

/** The transfers under way, and those that are over. */
export interface TransferList {
  start(open: OpenActivity, activity: Activity, now: Date): void;
  progress(id: string, doneBytes: number, expectedBytes: number): void;
  stop(id: string, now: Date): void;
  running(): readonly RunningTransfer[];
  finished(): readonly FinishedTransfer[];
}

/** A substitution copies a store path, for which it downloads a file: one transfer, told as three. */
const WHOLES = new Set<Activity["type"]>(["substitute", "copy-path"]);
/** What a file is downloaded for; looking a path up is no transfer of anything that is kept. */
const PURPOSES = new Set<Activity["type"]>(["substitute", "copy-path", "query-path-info"]);

/** Creates a list of no transfers. */
export function createTransferList(tree: ActivityTree): TransferList {
  const running = new Map<string, RunningTransfer>();
  /** The transfer that a copy is part of. */
  const wholes = new Map<string, string>();
  const finished = createFinishedList<FinishedTransfer>();
  const unnested = createUnnestedParts();

  const isPart = (open: OpenActivity, activity: Activity): boolean => {
    if (activity.type === "copy-path") {
      const whole = tree.findAbove(open, WHOLES)?.id ?? unnested.wholeOf(activity.storePath);
      if (whole !== undefined) wholes.set(open.id, whole);
      return whole !== undefined;
    }
    if (activity.type !== "file-transfer") return false;
    return tree.findAbove(open, PURPOSES) !== undefined || unnested.hasPurpose(activity.uri);
  };

  return {
    start(open, activity, now) {
      const transfer = isPart(open, activity) ? undefined : describeTransfer(activity, now);
      if (transfer !== undefined) running.set(open.id, transfer);
      unnested.start(open.id, activity);
    },
    progress(id, doneBytes, expectedBytes) {
      const whole = wholes.get(id) ?? id;
      const transfer = running.get(whole);
      if (transfer !== undefined) running.set(whole, { ...transfer, doneBytes, expectedBytes });
    },
    stop(id, now) {
      wholes.delete(id);
      unnested.stop(id);
      const transfer = running.get(id);
      running.delete(id);
      if (transfer === undefined) return;
      const { source, name, from, to, since, doneBytes } = transfer;
      if (transfer.type === "file") return;
      finished.add({ storePath: source, name, from, to, since, until: now, bytes: doneBytes });
    },
    running: () => [...running.values()],
    finished: () => finished.items(),
  };
}

function describeTransfer(activity: Activity, now: Date): RunningTransfer | undefined {
  const start = { since: now, doneBytes: 0, expectedBytes: 0 };
  if (activity.type === "substitute" || activity.type === "copy-path") {
    const source = cutText(activity.storePath, MAX_TEXT_LENGTH);
    const from = cutText("from" in activity ? activity.from : activity.substituter, MAX_TEXT_LENGTH);
    const to = cutText("to" in activity ? activity.to : "", MAX_TEXT_LENGTH);
    return { type: "store-path", source, name: nameOfStorePath(source), from, to, ...start };
  }
  if (activity.type !== "file-transfer") return undefined;
  const source = cutText(activity.uri, MAX_TEXT_LENGTH);
  return { type: "file", source, name: nameOfFile(source), from: "", to: "", ...start };
}

/** Which activities are part of which before Nix 2.18, which does not tell parents. */
interface UnnestedParts {
  start(id: string, activity: Activity): void;
  stop(id: string): void;
  /** The substitution under way of a store path. */
  wholeOf(storePath: string): string | undefined;
  /** Whether something is fetched from or looked up on the host of a file. */
  hasPurpose(uri: string): boolean;
}

function createUnnestedParts(): UnnestedParts {
  const substitutions = new Map<string, string>();
  const hosts = new Map<string, { readonly storePath: string; readonly host: string }>();
  const hostUses = new Map<string, number>();
  const use = (host: string, change: 1 | -1): void => {
    const uses = (hostUses.get(host) ?? 0) + change;
    if (uses > 0) hostUses.set(host, uses);
    else hostUses.delete(host);
  };
  return {
    start(id, activity) {
      if (activity.type !== "substitute" && activity.type !== "query-path-info") return;
      const storePath = cutText(activity.storePath, MAX_TEXT_LENGTH);
      const host = hostOf(activity.type === "substitute" ? activity.substituter : activity.uri);
      if (activity.type === "substitute") substitutions.set(storePath, id);
      hosts.set(id, { storePath, host });
      use(host, 1);
    },
    stop(id) {
      const known = hosts.get(id);
      if (known === undefined) return;
      hosts.delete(id);
      use(known.host, -1);
      if (substitutions.get(known.storePath) === id) substitutions.delete(known.storePath);
    },
    wholeOf: (storePath) => substitutions.get(storePath),
    hasPurpose: (uri) => hostUses.has(hostOf(uri)),
  };
}

/** `https://cache.example.org/nar/x.nar.xz?a=b` -> `https://cache.example.org` */
function hostOf(uri: string): string {
  const start = cutText(uri, MAX_TEXT_LENGTH);
  return /^[^:/]+:\/\/[^/?#]*/.exec(start)?.[0] ?? start;
}
