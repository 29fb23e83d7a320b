import type { Generation, HostAttempt, HostResult } from "@nix-cache/history";

import type { RunSummary } from "../status/status.ts";
import { formatBytes } from "../text/format-bytes.ts";
import { formatTable } from "../text/format-table.ts";
import { formatAge, formatDuration } from "../text/format-time.ts";
import { paint } from "../text/paint.ts";
import { paintHostState, paintRunStatus } from "../text/run-status.ts";
import { firstLineOf } from "../text/safe-text.ts";
import { shortRevision } from "../text/short-revision.ts";

/** A run and what it made of its hosts. */
export interface RecordedRun extends RunSummary {
  readonly hosts: readonly HostResult[];
}

/** What happened to a host. */
export interface HostHistory {
  readonly host: string;
  readonly results: readonly HostAttempt[];
  readonly generations: readonly Generation[];
}

/** Columns that a table is cut to; absent: nothing is cut. */
export interface WidthOptions {
  readonly width?: number;
}

/** Writes for people what the last runs came to. */
export function formatRuns(runs: readonly RecordedRun[], now: Date, options: WidthOptions = {}): string {
  const rows = runs.map((run) => [
    run.id,
    formatAge(run.startedAt, now),
    paintRunStatus(run.status),
    run.durationMs === undefined ? "-" : formatDuration(run.durationMs),
    shortRevision(run.revision),
    countStates(run.hosts),
    describeRun(run),
  ]);
  const heading = headings("RUN", "AGO", "STATUS", "TOOK", "REVISION", "HOSTS", "");
  return formatTable([heading, ...rows], { ...options, right: [1] });
}

/** Which hosts failed says more of a run than how the first of them did. */
function describeRun({ hosts, reason = "" }: RecordedRun): string {
  const failed = hosts.filter(({ state }) => state === "failed").map(({ host }) => host);
  return failed.length === 0 ? firstLineOf(reason) : `failed: ${failed.join(", ")}`;
}

/** The good ones of all, as `3/4`. */
function countStates(hosts: readonly HostResult[]): string {
  const good = hosts.filter(({ state }) => state !== "failed").length;
  return `${good}/${hosts.length}`;
}

/** Writes for people what happened to a host, and what is published of it. */
export function formatHostHistory(history: HostHistory, now: Date, options: WidthOptions = {}): string {
  const results = history.results.map((result) => [
    result.run,
    formatAge(result.startedAt, now),
    paintHostState(result.state),
    formatDuration(result.durationMs),
    describeResult(result),
  ]);
  const live = history.generations.filter(({ deletedAt }) => deletedAt === undefined);
  const generations = live.map((generation) => [
    String(generation.number),
    formatAge(generation.createdAt, now),
    generation.closureSize === undefined ? "-" : formatBytes(generation.closureSize),
    shortRevision(generation.revision),
    describeGeneration(generation),
  ]);
  const table = (rows: readonly (readonly string[])[], right: readonly number[] = []): string =>
    formatTable(rows, { ...options, right });
  return [
    table([headings("RUN", "AGO", "RESULT", "TOOK", ""), ...results], [1]),
    "\n",
    table([headings("GENERATION", "AGE", "SIZE", "REVISION", ""), ...generations], [0, 1, 2]),
  ].join("");
}

function describeResult(result: HostAttempt): string {
  if (result.state !== "failed") return `generation ${result.generation}`;
  return `${result.failedStep}: ${firstLineOf(result.reason)}`;
}

function describeGeneration({ condemnedAt, condemnedReason, lostAt, pinned }: Generation): string {
  if (condemnedAt !== undefined)
    return paint("faint", `dropped${condemnedReason ? `: ${condemnedReason}` : ""}`);
  return [...(pinned ? ["pinned"] : []), ...(lostAt === undefined ? [] : [paint("bad", "lost")])].join(", ");
}

function headings(...names: readonly string[]): readonly string[] {
  return names.map((name) => (name === "" ? "" : paint("strong", name)));
}
