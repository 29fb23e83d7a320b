import type { BuildSnapshot } from "./build-snapshot.ts";
import type { LogEvent } from "./event.ts";
import { createFailureTracker } from "./failure-tracker.ts";
import { createMonitorState, followEvent } from "./monitor-state.ts";
import { takeSnapshot } from "./take-snapshot.ts";

/** Follows one command's events, for a terminal or a page that shows what Nix is doing. */
export interface BuildMonitor {
  /** Takes one event, and when it came. */
  add(event: LogEvent, now: Date): void;
  /** What stands after the events so far; the same object until another event comes. */
  snapshot(): BuildSnapshot;
}

/**
 * Creates the monitor of one command. Whatever the log, its memory is bounded: 10,000 activities under way, 1000
 * of each list of what is over, 4096 UTF-16 units of a text and 16,384 of an error message.
 *
 * @example
 * const monitor = createBuildMonitor();
 * await nix.realise({ path, onEvent: (event) => monitor.add(event, new Date()) });
 * const { builds, counts } = monitor.snapshot();
 */
export function createBuildMonitor(): BuildMonitor {
  const state = createMonitorState();
  const tracker = createFailureTracker();
  let taken: BuildSnapshot | undefined;

  return {
    add(event, now) {
      tracker.add(event);
      followEvent(state, event, now);
      taken = undefined;
    },
    snapshot: () => (taken ??= takeSnapshot(state, tracker.failures())),
  };
}
