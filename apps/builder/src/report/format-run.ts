import type { HostResult, Run, Step } from "@nix-cache/history";

import { formatTable } from "../text/format-table.ts";
import { formatDuration, formatLocalTime } from "../text/format-time.ts";
import { paint } from "../text/paint.ts";
import { paintHostState, paintRunStatus } from "../text/run-status.ts";
import { firstLineOf, toSafeText } from "../text/safe-text.ts";
import { shortRevision } from "../text/short-revision.ts";

/** All that was recorded of a run. */
export interface RecordedSteps {
  readonly run: Run;
  readonly steps: readonly Step[];
  readonly hosts: readonly HostResult[];
}

const OUTCOMES = {
  succeeded: paint("good", "ok"),
  failed: paint("bad", "failed"),
  skipped: paint("faint", "skipped"),
} as const;

/** Writes for people what a run did, how long each step took, and why what failed did. */
export function formatRun({ hosts, run, steps }: RecordedSteps): string {
  const rows = steps.map(({ durationMs, host = "", name, outcome, startedAt }) => [
    startedAt.toTimeString().slice(0, 8),
    name,
    host,
    formatDuration(durationMs),
    OUTCOMES[outcome],
  ]);
  const heading = ["AT", "STEP", "HOST", "TOOK", "RESULT"].map((name) => paint("strong", name));
  return [
    ...formatHead(run),
    "\n",
    formatTable([heading, ...rows], { right: [3] }),
    ...(hosts.length === 0 ? [] : ["\n", formatTable(hosts.map(formatResult))]),
    ...hosts.map(formatFailure),
    ...formatReason(run, hosts),
  ].join("");
}

function formatHead({ branch, finishedAt, id, revision, startedAt, status, ...run }: Run): readonly string[] {
  const took = finishedAt
    ? `, took ${formatDuration(Math.max(0, finishedAt.getTime() - startedAt.getTime()))}`
    : "";
  const states = [
    ...(run.syncState === undefined ? [] : [run.syncState]),
    ...(run.updateState === undefined ? [] : [`inputs ${run.updateState}`]),
  ];
  return [
    `Run     ${id}  ${paintRunStatus(status)}  ${formatLocalTime(startedAt)}${took}\n`,
    `Source  ${shortRevision(revision)} of ${branch}${states.length === 0 ? "" : `, ${states.join(", ")}`}\n`,
  ];
}

function formatResult(result: HostResult): readonly string[] {
  const took = `in ${formatDuration(result.durationMs)}`;
  const what = result.state === "failed" ? result.failedStep : `generation ${result.generation}`;
  return [result.host, paintHostState(result.state), what, took];
}

function formatFailure(result: HostResult): string {
  if (result.state !== "failed") return "";
  const { failedStep, failureClass, host, reason } = result;
  const kind = failureClass === undefined ? "" : ` (${failureClass})`;
  return `\n${paint("bad", `${host}: ${failedStep} failed`)}${kind}\n${indent(reason)}`;
}

/** Of a run's reasons those that no host has given already. */
function formatReason({ reason }: Run, hosts: readonly HostResult[]): readonly string[] {
  if (reason === undefined) return [];
  const line = firstLineOf(reason);
  const isOfHost = hosts.some(
    (result) => result.state === "failed" && line.startsWith(`${result.host}: ${result.failedStep}:`),
  );
  return isOfHost ? [] : [`\n${paint("bad", "Why")}\n${indent(hosts.length === 0 ? reason : line)}`];
}

function indent(text: string): string {
  return toSafeText(text)
    .trimEnd()
    .split("\n")
    .map((line) => `  ${line}`.trimEnd() + "\n")
    .join("");
}
