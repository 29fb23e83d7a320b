import {
  cutText,
  MAX_FAILURES,
  MAX_MESSAGE_LENGTH,
  MAX_OPEN_ACTIVITIES,
  MAX_TEXT_LENGTH,
  setBounded,
} from "./bounds.ts";
import type { LogEvent } from "./event.ts";
import {
  readFailureMessage,
  readFailureStatus,
  type FailedDerivation,
  type FailureMessage,
} from "./failed-derivation.ts";

/** Works out from the events which derivations failed. */
export interface FailureTracker {
  add(event: LogEvent): void;
  /** In the order in which they failed; the oldest are forgotten beyond {@link MAX_FAILURES}. */
  failures(): readonly FailedDerivation[];
}

/**
 * Creates a tracker. Two sources are needed: messages name most failures, but a time-out on Nix 2.34 names
 * none; and the builds' progress counts failures, after which the failed build is the next to stop.
 */
export function createFailureTracker(): FailureTracker {
  const openBuilds = new Map<string, string>();
  const failedCounts = new Map<string, number>();
  const failures = new Map<string, FailedDerivation>();
  /** Failures that the log only counted; looked through with each message, so they have their own set. */
  const unexplained = new Set<string>();
  let unclaimed = 0;
  let unnamed: FailureMessage | undefined;

  const record = (drvPath: string, { reason, message }: Omit<FailureMessage, "drvPath">): void => {
    if (failures.has(drvPath) && !unexplained.has(drvPath)) return;
    const forgotten = setBounded(failures, MAX_FAILURES, [drvPath, { drvPath, reason, message }]);
    for (const old of forgotten) unexplained.delete(old);
    if (reason === "unknown") unexplained.add(drvPath);
    else unexplained.delete(drvPath);
  };
  /** A failure that has a name must not be counted towards another build that happens to stop. */
  const settleCount = (): void => {
    const [guess] = unexplained;
    if (unclaimed > 0) unclaimed -= 1;
    else if (guess !== undefined) {
      failures.delete(guess);
      unexplained.delete(guess);
    }
  };
  const addFailure = (failure: FailureMessage): void => {
    if (failure.drvPath !== undefined) {
      if (!failures.has(failure.drvPath)) settleCount();
      return record(failure.drvPath, failure);
    }
    if (unexplained.size === 0) unnamed = failure;
    for (const drvPath of unexplained) record(drvPath, failure);
  };
  const stopBuild = (id: string): void => {
    const drvPath = openBuilds.get(id);
    openBuilds.delete(id);
    failedCounts.delete(id);
    if (drvPath === undefined || unclaimed === 0) return;
    unclaimed -= 1;
    record(drvPath, unnamed ?? { reason: "unknown", message: "" });
    unnamed = undefined;
  };
  /** Names the derivation in full, which the record does not: its build is still under way. */
  const addResult = (event: LogEvent & { readonly type: "build-result" }): void => {
    const reason = readFailureStatus(event.status);
    if (event.success || reason === undefined) return;
    const drvPath = [...openBuilds.values()].find((path) => path.endsWith(`/${event.baseName}`));
    const message = cutText(event.message, MAX_MESSAGE_LENGTH);
    if (drvPath !== undefined) addFailure({ drvPath, reason, message });
  };

  return {
    add(event) {
      if (event.type === "start" && event.activity.type === "build") {
        const drvPath = cutText(event.activity.drvPath, MAX_TEXT_LENGTH);
        setBounded(openBuilds, MAX_OPEN_ACTIVITIES, [event.id, drvPath]);
      } else if (event.type === "start" && event.activity.type === "builds") {
        setBounded(failedCounts, MAX_OPEN_ACTIVITIES, [event.id, 0]);
      } else if (event.type === "progress" && failedCounts.has(event.id)) {
        unclaimed += Math.max(0, event.failed - (failedCounts.get(event.id) ?? 0));
        failedCounts.set(event.id, event.failed);
      } else if (event.type === "message" && event.level === 0) {
        const failure = readFailureMessage(cutText(event.text, MAX_MESSAGE_LENGTH));
        if (failure !== undefined) addFailure(failure);
      } else if (event.type === "build-result") {
        addResult(event);
      } else if (event.type === "stop") {
        stopBuild(event.id);
      }
    },
    failures: () => [...failures.values()],
  };
}
