import type { Collection, Usage } from "@nix-cache/history";

import { formatBytes } from "../text/format-bytes.ts";
import { formatLocalTime } from "../text/format-time.ts";
import { firstLineOf } from "../text/safe-text.ts";
import type { Health, HostStatus, Problem, RunSummary, Status } from "./status.ts";

/** What problems are found in. */
export type StatusFacts = Omit<Status, "health" | "healthy" | "problems">;

/** What the last run left behind on the disk. */
export interface DiskRecords {
  readonly usage: Usage | undefined;
  readonly collection: Collection | undefined;
}

/** Says in one word how it is with the builder. */
export function healthOf({ lastRun }: Pick<StatusFacts, "lastRun">, problems: readonly Problem[]): Health {
  if (lastRun === undefined) return "new";
  if (problems.some(({ severity }) => severity === "failing")) return "failing";
  return problems.length > 0 ? "degraded" : "healthy";
}

/** Lists what is not as it should be, the worst first. */
export function listProblems(facts: StatusFacts, records: DiskRecords): readonly Problem[] {
  const hosts = facts.hosts.filter(({ configured }) => configured);
  const problems = [
    ...problemsOfRuns(facts, hosts),
    ...problemsOfHosts(hosts, facts.lastRun),
    ...problemsOfDisk(facts, records),
    ...problemsOfHistory(facts),
  ];
  return problems.toSorted((a, b) => Number(a.severity === "degraded") - Number(b.severity === "degraded"));
}

function problemsOfRuns(facts: StatusFacts, hosts: readonly HostStatus[]): readonly Problem[] {
  const { lastRun, lock, overdueSince } = facts;
  const problems: Problem[] = [];
  if (overdueSince !== undefined) {
    const text = `the run of ${formatLocalTime(overdueSince)} is overdue`;
    problems.push({ code: "overdue", severity: "failing", text });
  }
  if (lastRun?.status === "FAILED") {
    problems.push({ code: "run-failed", severity: "failing", text: describeFailure(lastRun, hosts) });
  }
  const shortcoming = lastRun && shortcomingOf(lastRun, hosts);
  if (shortcoming !== undefined) {
    problems.push({ code: "run-partial", severity: "degraded", text: shortcoming });
  }
  const killed = killedCommand(facts);
  if (killed !== undefined && !lock?.isRunning) {
    problems.push({ code: "run-killed", severity: "degraded", text: killed });
  }
  return problems;
}

function describeFailure({ id, reason = "" }: RunSummary, hosts: readonly HostStatus[]): string {
  const isAttempted = hosts.some(({ lastResult }) => lastResult?.run === id);
  return isAttempted ? "no host succeeded in the last run" : `the last run failed: ${firstLineOf(reason)}`;
}

/** A run's reason has its own lines first, then `<host>: <step>: <reason>` of each host that failed. */
function shortcomingOf({ id, reason, status }: RunSummary, hosts: readonly HostStatus[]): string | undefined {
  if (status !== "PARTIAL" || reason === undefined) return undefined;
  const prefixes = hosts.flatMap(({ host, lastResult }) =>
    lastResult?.run === id && lastResult.state === "failed" ? [`${host}: ${lastResult.failedStep}: `] : [],
  );
  const line = firstLineOf(reason);
  return prefixes.some((prefix) => line.startsWith(prefix.trimEnd())) ? undefined : line;
}

function killedCommand({ lastRun, lock }: StatusFacts): string | undefined {
  if (lock !== undefined && !lock.isRunning) {
    const name = lock.command.replace(/^nix-cache-builder /, "");
    return `the ${name} of ${formatLocalTime(lock.since)} was killed; the next run cleans up`;
  }
  if (lastRun?.status !== "KILLED") return undefined;
  return `the run of ${formatLocalTime(lastRun.startedAt)} was killed`;
}

function problemsOfHosts(hosts: readonly HostStatus[], lastRun: RunSummary | undefined): readonly Problem[] {
  const problems: Problem[] = [];
  const lost = namesOf(hosts, ({ generation }) => generation?.lost === true);
  if (lost !== "") {
    const text = `store paths of what is published are gone: ${lost}`;
    problems.push({ code: "generation-lost", severity: "failing", text });
  }
  const missing = hosts.filter(({ generation }) => generation === undefined);
  if (lastRun !== undefined && missing.length > 0) {
    const severity = missing.some(hasFailed) ? "failing" : "degraded";
    const text = `nothing is published yet for ${namesOf(missing, () => true)}`;
    problems.push({ code: "hosts-missing", severity, text });
  }
  const failed = namesOf(hosts, (host) => hasFailed(host) && host.generation !== undefined);
  if (failed !== "") {
    const text = `failed, an earlier generation is served: ${failed}`;
    problems.push({ code: "hosts-failed", severity: "degraded", text });
  }
  return problems;
}

function hasFailed({ lastResult }: HostStatus): boolean {
  return lastResult?.state === "failed";
}

function namesOf(hosts: readonly HostStatus[], isMeant: (host: HostStatus) => boolean): string {
  return hosts
    .filter(isMeant)
    .map(({ host }) => host)
    .join(", ");
}

function problemsOfDisk({ disk }: StatusFacts, { collection, usage }: DiskRecords): readonly Problem[] {
  const problems: Problem[] = [];
  if (usage?.overCap) {
    const text = `over the cap: only protected generations are left, ${formatBytes(usage.rootedBytes)}`;
    problems.push({ code: "over-cap", severity: "degraded", text });
  }
  const { freeBytes, minFreeBytes = 0 } = disk;
  if (freeBytes !== undefined && freeBytes < minFreeBytes) {
    const text = `${formatBytes(freeBytes)} free, less than minFreeSpace`;
    problems.push({ code: "little-space", severity: "degraded", text });
  }
  if (collection?.reason !== undefined) {
    const text = `the last garbage collection failed: ${firstLineOf(collection.reason)}`;
    problems.push({ code: "collection-failed", severity: "degraded", text });
  }
  return problems;
}

function problemsOfHistory({ damagedHistory }: StatusFacts): readonly Problem[] {
  if (damagedHistory === undefined) return [];
  const text = `the history was damaged and began anew: remove ${damagedHistory} once you know`;
  return [{ code: "history-damaged", severity: "degraded", text }];
}
