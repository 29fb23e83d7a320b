import type { LogEvent } from "./event.ts";
import { readFailureMessage, type FailedDerivation, type FailureMessage } from "./failed-derivation.ts";

/** Works out from the events which derivations failed. */
export interface FailureTracker {
  add(event: LogEvent): void;
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
  let unclaimed = 0;
  let unnamed: FailureMessage | undefined;

  const record = (drvPath: string, { reason, message }: Omit<FailureMessage, "drvPath">): void => {
    const known = failures.get(drvPath)?.reason ?? "unknown";
    if (known === "unknown") failures.set(drvPath, { drvPath, reason, message });
  };
  /** A failure that has a name must not be counted towards another build that happens to stop. */
  const settleCount = (guess: FailedDerivation | undefined): void => {
    if (unclaimed > 0) unclaimed -= 1;
    else if (guess !== undefined) failures.delete(guess.drvPath);
  };
  const addMessage = (failure: FailureMessage): void => {
    const unexplained = [...failures.values()].filter(({ reason }) => reason === "unknown");
    if (failure.drvPath !== undefined) {
      if (!failures.has(failure.drvPath)) settleCount(unexplained[0]);
      return record(failure.drvPath, failure);
    }
    for (const { drvPath } of unexplained) record(drvPath, failure);
    if (unexplained.length === 0) unnamed = failure;
  };
  const stopBuild = (id: string): void => {
    const drvPath = openBuilds.get(id);
    openBuilds.delete(id);
    if (drvPath === undefined || unclaimed === 0) return;
    unclaimed -= 1;
    record(drvPath, unnamed ?? { reason: "unknown", message: "" });
    unnamed = undefined;
  };

  return {
    add(event) {
      if (event.type === "start" && event.activity.type === "build") {
        openBuilds.set(event.id, event.activity.drvPath);
      } else if (event.type === "start" && event.activity.type === "builds") {
        failedCounts.set(event.id, 0);
      } else if (event.type === "progress" && failedCounts.has(event.id)) {
        unclaimed += Math.max(0, event.failed - (failedCounts.get(event.id) ?? 0));
        failedCounts.set(event.id, event.failed);
      } else if (event.type === "message" && event.level === 0) {
        const failure = readFailureMessage(event.text);
        if (failure !== undefined) addMessage(failure);
      } else if (event.type === "stop") {
        stopBuild(event.id);
      }
    },
    failures: () => [...failures.values()],
  };
}
