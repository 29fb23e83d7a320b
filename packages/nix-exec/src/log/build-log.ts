import { cutText, MAX_OPEN_ACTIVITIES, MAX_TEXT_LENGTH, setBounded } from "./bounds.ts";
import type { LogEvent } from "./event.ts";
import type { FailedDerivation } from "./failed-derivation.ts";
import { createFailureTracker } from "./failure-tracker.ts";
import { nameOfDerivation } from "./store-path-name.ts";

/** Verbosity `info`; levels above tell what is looked up and evaluated. */
const MAX_LEVEL = 3;

/** Collects from one command's events what a reader of a build wants to know. */
export interface BuildLog {
  /** Takes one event; returns the lines to append to the log, a builder's after `NAME> `. */
  add(event: LogEvent): readonly string[];
  /** The derivations that failed by themselves; those that only lack a failed one are not listed. */
  failures(): readonly FailedDerivation[];
}

/**
 * Creates the reader of one command's events.
 *
 * @example
 * const log = createBuildLog();
 * await nix.realise({ path: drvPath, root, onEvent: (event) => lines.push(...log.add(event)) });
 */
export function createBuildLog(): BuildLog {
  const names = new Map<string, string>();
  const tracker = createFailureTracker();

  return {
    add(event) {
      tracker.add(event);
      if (event.type === "start") {
        const { activity } = event;
        if ("drvPath" in activity) {
          const drvPath = cutText(activity.drvPath, MAX_TEXT_LENGTH);
          setBounded(names, MAX_OPEN_ACTIVITIES, [event.id, nameOfDerivation(drvPath)]);
        }
      }
      if (event.type === "stop") names.delete(event.id);
      return formatEvent(event, names);
    },
    failures: () => tracker.failures(),
  };
}

function formatEvent(event: LogEvent, names: ReadonlyMap<string, string>): readonly string[] {
  switch (event.type) {
    case "start":
    case "message":
      return event.level <= MAX_LEVEL && event.text !== "" ? event.text.split("\n") : [];
    case "text":
      return [event.text];
    case "build-log-line":
    case "post-build-log-line":
      return [`${names.get(event.id) ?? "?"}> ${event.line}`];
    default:
      return [];
  }
}
