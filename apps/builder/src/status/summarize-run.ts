import type { Run } from "@nix-cache/history";

import type { RunSummary } from "./status.ts";

/** Keeps of a run what a line of a report says. */
export function summarizeRun({
  id,
  status,
  startedAt,
  finishedAt,
  branch,
  revision,
  reason,
}: Run): RunSummary {
  return {
    id,
    status,
    startedAt,
    ...(finishedAt && { finishedAt, durationMs: Math.max(0, finishedAt.getTime() - startedAt.getTime()) }),
    branch,
    ...(revision !== undefined && { revision }),
    ...(reason !== undefined && { reason }),
  };
}
