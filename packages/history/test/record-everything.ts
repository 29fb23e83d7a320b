import type { History } from "../src/index.ts";
import { CONDEMNATION, NEW_RUN, NOW, publish } from "./records.ts";

/** Records a row or more in every table: a run that publishes nz and condemns what it published before. */
export function recordEverything(history: History): string {
  const run = history.startRun(NEW_RUN);
  const lock = `sha256:${run}`;
  history.recordSync(run, { syncState: "synced", revision: "ab12" });
  history.recordLock({ digest: lock, inputs: [{ name: "nixpkgs", type: "path", url: "/nixpkgs" }] });
  history.recordUpdate(run, { updateState: "updated", lockDigest: lock });
  history.recordConfiguredHosts(run, ["nz", "zz"]);
  history.recordStep({ run, name: "build", host: "nz", startedAt: NOW, durationMs: 1, outcome: "succeeded" });
  recordHosts(history, run);
  const space = { freeBytesBefore: 1, freeBytesAfter: 1 };
  history.recordCollection({ run, startedAt: NOW, finishedAt: NOW, mode: "full", plannedBytes: 1, ...space });
  const limits = { overCap: false, underMinFree: false };
  history.recordUsage({ run, at: NOW, rootedBytes: 1, rootedPaths: 1, freeBytes: 1, ...limits });
  history.finishRun(run, { status: "PARTIAL", finishedAt: NOW, reason: "1 of 2 hosts failed" });
  return run;
}

function recordHosts(history: History, run: string): void {
  const host = "nz";
  const [previous] = history.generations(host);
  const toplevel = `/nix/store/nz-${(previous?.number ?? 0) + 1}`;
  const generation = publish(history, { run, host, toplevel });
  history.recordLink({ host, number: generation }, NOW);
  history.recordHostResult({ run, host, state: "published", toplevel, generation, durationMs: 1 });
  const failure = { state: "failed", failedStep: "build", reason: "exit code 1" } as const;
  history.recordHostResult({ run, host: "zz", ...failure, durationMs: 1 });
  if (previous === undefined) return;
  const diff = { packages: [{ name: "linux", before: "6.12.1", after: "6.12.2" }] };
  history.recordClosureDiff({ host, number: generation, previous: previous.number, diff });
  history.condemnGeneration(previous, CONDEMNATION);
}
