import type { FinishedRun, HostResult } from "@nix-cache/history";

import type { RunDeps } from "../run-deps.ts";
import { removeScratch, type Run } from "../run.ts";

/** What a finished run came to. */
export interface RunFindings {
  readonly results: readonly HostResult[];
  /** What kept the run from a full success apart from its hosts, for a person to read. */
  readonly shortcomings: readonly string[];
}

/** Records how a run ended, lets all readers see it, and removes what only the run needed. */
export async function reportRun(
  deps: RunDeps,
  run: Run,
  findings: RunFindings,
): Promise<FinishedRun["status"]> {
  const status = statusOf(findings);
  const finishedAt = await endRun(deps, run, status, reasonsOf(findings).join("\n"));
  const seconds = (finishedAt.getTime() - run.startedAt.getTime()) / 1000;
  deps.log.info({ run: run.id, status, seconds, ...countByState(findings.results) }, "run finished");
  return status;
}

/** Records that a run did not come to its end, and why. */
export async function abandonRun(deps: RunDeps, run: Run, reason: string): Promise<void> {
  await endRun(deps, run, "FAILED", reason);
}

async function endRun(
  { history, now, places }: RunDeps,
  run: Run,
  status: FinishedRun["status"],
  reason: string,
): Promise<Date> {
  await removeScratch(run.directory);
  const finishedAt = now();
  history.finishRun(run.id, { status, finishedAt, ...(reason === "" ? {} : { reason }) });
  history.publishSnapshot(places.publicHistoryFile);
  return finishedAt;
}

/** No host succeeded: FAILED. Anything short of full success: PARTIAL. */
export function statusOf({ results, shortcomings }: RunFindings): FinishedRun["status"] {
  const failed = results.filter(({ state }) => state === "failed").length;
  if (failed === results.length) return "FAILED";
  return failed > 0 || shortcomings.length > 0 ? "PARTIAL" : "SUCCESS";
}

function reasonsOf({ results, shortcomings }: RunFindings): readonly string[] {
  const hosts = results.flatMap((result) =>
    result.state === "failed" ? [`${result.host}: ${result.failedStep}: ${result.reason}`] : [],
  );
  return [...shortcomings, ...hosts];
}

function countByState(results: readonly HostResult[]): Readonly<Record<HostResult["state"], number>> {
  const counts = { published: 0, unchanged: 0, failed: 0 };
  for (const { state } of results) counts[state] += 1;
  return counts;
}
