import type { History } from "../src/index.ts";
import { NEW_RUN, NOW, publish } from "./records.ts";

/** What a test's run does. */
export interface RecordedRun {
  readonly startedAt?: Date;
  readonly hosts?: Readonly<Record<string, "published" | "failed">>;
  /** Names the toplevels; a published host with another version has another toplevel. */
  readonly version?: number;
  /** Digest of the lock that it builds with. */
  readonly lockDigest?: string;
}

/** Records a run from its start to its end; returns its id. */
export function recordRun(history: History, recorded: RecordedRun): string {
  const { startedAt = NOW, hosts = {}, lockDigest } = recorded;
  const run = history.startRun({ ...NEW_RUN, startedAt });
  const version = recorded.version ?? run;
  if (lockDigest !== undefined) history.recordUpdate(run, { updateState: "updated", lockDigest });
  history.recordStep({ run, name: "sync", startedAt, durationMs: 1, outcome: "succeeded" });
  for (const [host, state] of Object.entries(hosts)) {
    const result = { run, host, durationMs: 1 };
    if (state === "failed") {
      history.recordHostResult({ ...result, state, failedStep: "build", reason: "exit code 1" });
    } else {
      const toplevel = `/nix/store/${host}-${version}`;
      const generation = publish(history, { run, host, toplevel, at: startedAt });
      history.recordHostResult({ ...result, state, toplevel, generation });
    }
  }
  history.finishRun(run, { status: "SUCCESS", finishedAt: startedAt });
  return run;
}
