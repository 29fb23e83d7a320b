import { listOverdue, MAX_DEPTH, MAX_OPEN_ACTIVITIES } from "./bounds.ts";
import type { Activity } from "./event.ts";

/** What is known of an activity when it starts. */
interface ActivityStart {
  readonly id: string;
  readonly type: Activity["type"];
  readonly parent?: string;
}

/** An activity that has started and not stopped. */
export interface OpenActivity extends ActivityStart {
  /** Whether it is part of one of its own type, whose numbers cover it. */
  readonly isNested: boolean;
}

/** The activities under way, each with the one that it is part of. */
export interface ActivityTree {
  get(id: string): OpenActivity | undefined;
  add(start: ActivityStart): OpenActivity;
  remove(id: string): void;
  /** The oldest ones when there are too many; those that carry the counts are counted by themselves. */
  listOverdue(): readonly string[];
  /** The nearest activity above one that is of one of the types. */
  findAbove(start: ActivityStart, types: ReadonlySet<Activity["type"]>): OpenActivity | undefined;
}

const COUNTING = new Set<Activity["type"]>(["realise", "copy-paths", "builds"]);

/** Creates a tree of no activities. */
export function createActivityTree(): ActivityTree {
  const counting = new Map<string, OpenActivity>();
  const others = new Map<string, OpenActivity>();

  const get = (id: string): OpenActivity | undefined => others.get(id) ?? counting.get(id);
  const findAbove: ActivityTree["findAbove"] = (start, types) => {
    let { parent } = start;
    for (let depth = 0; depth < MAX_DEPTH && parent !== undefined; depth += 1) {
      const above = get(parent);
      if (above === undefined) return undefined;
      if (types.has(above.type)) return above;
      ({ parent } = above);
    }
    return undefined;
  };
  return {
    get,
    findAbove,
    add(start) {
      const open = { ...start, isNested: findAbove(start, new Set([start.type])) !== undefined };
      (COUNTING.has(start.type) ? counting : others).set(start.id, open);
      return open;
    },
    remove(id) {
      if (!others.delete(id)) counting.delete(id);
    },
    listOverdue: () => [others, counting].flatMap((map) => listOverdue(map, MAX_OPEN_ACTIVITIES)),
  };
}
