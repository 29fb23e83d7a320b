import { rm } from "node:fs/promises";

import type { FinishedRun, HostResult } from "@nix-cache/history";

import { reasonOf } from "../reason.ts";
import type { RunDeps } from "../run-deps.ts";
import { removeScratch, type Run } from "../run.ts";

/** What a finished run came to. */
export interface RunFindings {
  readonly results: readonly HostResult[];
  /** What kept the run from a full success apart from its hosts, for a person to read. */
  readonly shortcomings: readonly string[];
}

/** Records how a run ended and removes what only the run needed. */
export async function reportRun(
  deps: RunDeps,
  run: Run,
  findings: RunFindings,
): Promise<FinishedRun["status"]> {
  const status = statusOf(findings);
  const finishedAt = await endRun(deps, run, { status, reason: reasonsOf(findings).join("\n") });
  const seconds = (finishedAt.getTime() - run.startedAt.getTime()) / 1000;
  deps.log.info({ run: run.id, status, seconds, ...countByState(findings.results) }, "run finished");
  return status;
}

/** Records that a run did not come to its end, and why; what goes wrong with that must not hide the reason. */
export async function abandonRun(deps: RunDeps, run: Run, reason: string): Promise<void> {
  try {
    await endRun(deps, run, { status: "FAILED", reason });
  } catch (error) {
    deps.log.error({ run: run.id, reason: reasonOf(error) }, "end of the run cannot be recorded");
  }
}

/** How a run ended, but for the time. */
type RunEnd = Pick<FinishedRun, "status"> & { readonly reason: string };

async function endRun(deps: RunDeps, run: Run, { status, reason }: RunEnd): Promise<Date> {
  const { history, now, places } = deps;
  await removeScratch(run.directory);
  await rm(places.stagingDir, { recursive: true, force: true });
  const finishedAt = now();
  history.finishRun(run.id, { status, finishedAt, ...(reason === "" ? {} : { reason }) });
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
  const nothing = results.length === 0 ? ["no host to build"] : [];
  return [...shortcomings, ...nothing, ...hosts];
}

function countByState(results: readonly HostResult[]): Readonly<Record<HostResult["state"], number>> {
  const counts = { published: 0, unchanged: 0, failed: 0 };
  for (const { state } of results) counts[state] += 1;
  return counts;
}
