import type { HostResult, RunStatus } from "@nix-cache/history";

import { paint, type TextStyle } from "./paint.ts";

const RUN_STYLES: Readonly<Record<RunStatus, TextStyle>> = {
  RUNNING: "warning",
  SUCCESS: "good",
  PARTIAL: "warning",
  FAILED: "bad",
  KILLED: "bad",
};

const RESULT_STYLES: Readonly<Record<HostResult["state"], TextStyle>> = {
  published: "good",
  unchanged: "good",
  failed: "bad",
};

/** Styles how a run stands. */
export function paintRunStatus(status: RunStatus): string {
  return paint(RUN_STYLES[status], status);
}

/** Styles what a run made of a host. */
export function paintHostState(state: HostResult["state"]): string {
  return paint(RESULT_STYLES[state], state);
}
