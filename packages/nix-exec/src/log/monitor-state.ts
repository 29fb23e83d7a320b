import { type ActivityTree, createActivityTree } from "./activity-tree.ts";
import { cutText, MAX_TEXT_LENGTH } from "./bounds.ts";
import { type BuildList, createBuildList } from "./build-list.ts";
import type { WaitingGoal } from "./build-snapshot.ts";
import type { Activity, LogEvent } from "./event.ts";
import { createProgressTotal, type ProgressTotal } from "./progress-total.ts";
import { createTransferList, type TransferList } from "./transfer-list.ts";

/** What a monitor remembers. */
export interface MonitorState {
  readonly tree: ActivityTree;
  readonly builds: BuildList;
  readonly transfers: TransferList;
  readonly waiting: Map<string, WaitingGoal>;
  readonly totals: Readonly<Record<CountedType, ProgressTotal>>;
}

const COUNTED_TYPES = ["builds", "copy-paths", "copy-path", "file-transfer"] as const;
type CountedType = (typeof COUNTED_TYPES)[number];

/** Creates the state before the first event. */
export function createMonitorState(): MonitorState {
  const tree = createActivityTree();
  return {
    tree,
    builds: createBuildList(),
    transfers: createTransferList(tree),
    waiting: new Map(),
    totals: {
      builds: createProgressTotal(),
      "copy-paths": createProgressTotal(),
      "copy-path": createProgressTotal(),
      "file-transfer": createProgressTotal(),
    },
  };
}

/** Brings the state up to date with an event; one about an activity that is not under way changes nothing. */
export function followEvent(state: MonitorState, event: LogEvent, now: Date): void {
  if (event.type === "start") return start(state, event, now);
  if (event.type === "message" || event.type === "text") return;
  const open = state.tree.get(event.id);
  if (open === undefined) return;
  switch (event.type) {
    case "stop":
      return stop(state, event.id, now);
    case "phase":
      return state.builds.phase(event.id, event.phase);
    case "build-log-line":
      return state.builds.line(event.id, event.line);
    case "progress":
      state.transfers.progress(event.id, event.done, event.expected);
      if (!open.isNested) totalOf(state, open.type)?.progress(event.id, event);
      return;
    case "expected":
      if (!open.isNested) totalOf(state, event.activityType)?.expect(event.id, event.expected);
      return;
    default:
  }
}

function start(state: MonitorState, event: LogEvent & { readonly type: "start" }, now: Date): void {
  const { tree, builds, transfers, waiting } = state;
  const { id, parent, activity } = event;
  // Two processes whose ids meet: the newer one goes on.
  if (tree.get(id) !== undefined) stop(state, id, now);
  const open = tree.add({ id, type: activity.type, ...(parent === undefined ? {} : { parent }) });
  if (activity.type === "build") builds.start(id, activity, now);
  else if (activity.type === "build-waiting")
    waiting.set(id, { text: cutText(event.text, MAX_TEXT_LENGTH), since: now });
  else transfers.start(open, activity, now);
  for (const overdue of tree.listOverdue()) stop(state, overdue, now);
}

function stop(state: MonitorState, id: string, now: Date): void {
  state.tree.remove(id);
  state.builds.stop(id, now);
  state.transfers.stop(id, now);
  state.waiting.delete(id);
  for (const type of COUNTED_TYPES) state.totals[type].stop(id);
}

function totalOf(state: MonitorState, type: Activity["type"]): ProgressTotal | undefined {
  const counted = COUNTED_TYPES.find((name) => name === type);
  return counted === undefined ? undefined : state.totals[counted];
}
