import { copyText, cutText, MAX_TEXT_LENGTH } from "./bounds.ts";
import type { FinishedBuild, RunningBuild } from "./build-snapshot.ts";
import type { Activity } from "./event.ts";
import { createFinishedList } from "./finished-list.ts";
import { nameOfDerivation } from "./store-path-name.ts";

/** The builds under way, and those that are over. */
export interface BuildList {
  start(id: string, activity: Activity & { readonly type: "build" }, now: Date): void;
  phase(id: string, phase: string): void;
  line(id: string, line: string): void;
  stop(id: string, now: Date): void;
  running(): readonly RunningBuild[];
  /** Failed ones too: only later events may tell. */
  stopped(): readonly FinishedBuild[];
}

/** Creates a list of no builds. */
export function createBuildList(): BuildList {
  const running = new Map<string, RunningBuild>();
  const stopped = createFinishedList<FinishedBuild>();

  const change = (
    id: string,
    changes: Pick<RunningBuild, "phase"> | Pick<RunningBuild, "lastLine">,
  ): void => {
    const build = running.get(id);
    if (build !== undefined) running.set(id, { ...build, ...changes });
  };
  return {
    start(id, activity, now) {
      const drvPath = cutText(activity.drvPath, MAX_TEXT_LENGTH);
      const machine = cutText(activity.machine, MAX_TEXT_LENGTH);
      running.set(id, { drvPath, name: nameOfDerivation(drvPath), machine, since: now });
    },
    phase: (id, phase) => change(id, { phase: lastLineOf(phase) }),
    line: (id, line) => change(id, { lastLine: lastLineOf(line) }),
    stop(id, now) {
      const build = running.get(id);
      running.delete(id);
      if (build === undefined) return;
      const { drvPath, name, machine, since } = build;
      stopped.add({ drvPath, name, machine, since, until: now });
    },
    running: () => [...running.values()],
    stopped: () => stopped.items(),
  };
}

/** A record can hold several lines; binary that Nix 2.8 leaks does. */
function lastLineOf(text: string): string {
  const lines = text.trimEnd();
  const line = lines.slice(lines.lastIndexOf("\n") + 1);
  return text.length <= MAX_TEXT_LENGTH ? line : copyText(line, MAX_TEXT_LENGTH);
}
