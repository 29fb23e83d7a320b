import { FIRST_RUN_REMEDY } from "../read-history.ts";
import { formatBytes } from "../text/format-bytes.ts";
import { cutToWidth, formatTable } from "../text/format-table.ts";
import { formatAge, formatDuration, formatLocalTime } from "../text/format-time.ts";
import { paint, type TextStyle } from "../text/paint.ts";
import { paintRunStatus } from "../text/run-status.ts";
import { firstLineOf } from "../text/safe-text.ts";
import { wrapText } from "../text/wrap-text.ts";
import type { Health, HostStatus, Status } from "./status.ts";

const HEALTH_STYLES: Readonly<Record<Health, TextStyle>> = {
  healthy: "good",
  degraded: "warning",
  failing: "bad",
  new: "warning",
};

/** Enough to tell apart the commits of one repository, on lines that are full. */
const REVISION_DIGITS = 8;

const LABEL_WIDTH = 10;

/** Failures that are told one by one: more would push the first facts off the screen. */
const MAX_FAILURES = 6;

/** Lines of a terminal above its prompt: reasons are told in full if they leave room for the rest. */
const SCREEN_LINES = 23;

/** A label, or none, and what is told beside it. */
type Row = readonly string[];

/**
 * Writes for people how it is with the builder: one screen of 80 columns and 24 lines for four hosts. Texts that are
 * longer than a line are wrapped, or cut where the screen would not hold them.
 *
 * @param width columns of the screen; absent: nothing is wrapped or cut
 */
export function formatStatus(status: Status, width?: number): string {
  const facts = [
    ...formatHealth(status),
    ...formatLock(status),
    ["Last run", formatLastRun(status)],
    ["Next run", formatNextRun(status)],
    ...formatKilled(status),
    ["Disk", formatDisk(status)],
  ];
  const failures = formatFailures(status);
  const hosts = formatTable(formatHosts(status), {
    right: [1, 2, 3],
    ...(width === undefined ? {} : { width }),
  });
  const nameWidth = Math.max(0, ...failures.map(([host = ""]) => host.length)) + 2;
  const write = (layOut: typeof wrapRow): string =>
    [
      ...facts.flatMap((row) => layOut(row, LABEL_WIDTH, width)),
      section(hosts),
      section(failures.flatMap((row) => layOut(row, nameWidth, width)).join("")),
    ].join("");
  const whole = write(wrapRow);
  return whole.split("\n").length - 1 <= SCREEN_LINES ? whole : write(cutRow);
}

function wrapRow([label = "", text = ""]: Row, labelWidth: number, width?: number): readonly string[] {
  const lines = width === undefined ? [text] : wrapText(text, Math.max(1, width - labelWidth));
  return lines.flatMap((line, index) => cutRow([index === 0 ? label : "", line], labelWidth, width));
}

function cutRow([label = "", text = ""]: Row, labelWidth: number, width?: number): readonly string[] {
  const line = label.padEnd(labelWidth) + text;
  return [`${width === undefined ? line : cutToWidth(line, width)}\n`];
}

function section(text: string): string {
  return text === "" ? "" : `\n${text}`;
}

function formatHealth({ health, lastRun, problems }: Status): readonly (readonly string[])[] {
  const word = paint(HEALTH_STYLES[health], health);
  const texts = problems.map(({ text }) => text);
  const newTexts = [`nothing has run yet: ${FIRST_RUN_REMEDY}`, ...texts];
  const [first, ...others] = lastRun === undefined ? newTexts : texts;
  return [["Cache", first === undefined ? word : `${word}: ${first}`], ...others.map((text) => ["", text])];
}

function formatLock({ checkedAt, lock }: Status): readonly (readonly string[])[] {
  if (!lock?.isRunning) return [];
  const age = formatAge(lock.since, checkedAt);
  return [["Now", `${lock.command}, for ${age} (process ${lock.pid})`]];
}

function formatLastRun({ checkedAt, lastRun }: Status): string {
  if (lastRun === undefined) return "never";
  const { branch, durationMs, revision, startedAt, status } = lastRun;
  return [
    `${paintRunStatus(status)} ${formatAge(startedAt, checkedAt)} ago (${formatLocalTime(startedAt)})`,
    ...(durationMs === undefined ? [] : [`took ${formatDuration(durationMs)}`]),
    ...(revision === undefined ? [] : [`${revision.slice(0, REVISION_DIGITS)} of ${branch}`]),
  ].join(", ");
}

function formatNextRun({ checkedAt, nextRun, overdueSince }: Status): string {
  const overdue = overdueSince && paint("bad", `overdue since ${formatLocalTime(overdueSince)}`);
  const { at, timer } = nextRun;
  const time = at && `in ${formatAge(checkedAt, at)} (${formatLocalTime(at)})`;
  const armed = timer === undefined || timer === "armed";
  const state = armed
    ? undefined
    : paint("warning", `nix-cache-builder.timer is ${timer}: nothing starts it`);
  return [overdue, time, state].filter((text) => text !== undefined).join(", ") || "not known";
}

function formatKilled({ killedRuns }: Status): readonly (readonly string[])[] {
  if (killedRuns.length === 0) return [];
  const times = killedRuns.map(({ startedAt }) => formatLocalTime(startedAt));
  return [["Killed", `${times.length === 1 ? "the run" : "the runs"} of ${times.join(", ")}`]];
}

function formatDisk({ disk }: Status): string {
  const { capBytes, freeBytes, minFreeBytes, usedBytes } = disk;
  const cap = capBytes === undefined ? "" : ` of ${formatBytes(capBytes)}`;
  const least = minFreeBytes === undefined ? "" : ` (at least ${formatBytes(minFreeBytes)} wanted)`;
  return [
    ...(usedBytes === undefined ? [] : [`${formatBytes(usedBytes)}${cap} published`]),
    ...(freeBytes === undefined ? [] : [`${formatBytes(freeBytes)} free${least}`]),
  ].join(", ");
}

function formatHosts({ checkedAt, hosts }: Status): readonly (readonly string[])[] {
  const rows = hosts.map(({ configured, generation, host }) => {
    if (generation === undefined) return [host, paint("warning", "nothing published yet")];
    const { changes, closureSize, createdAt, lost, number, pinned, revision } = generation;
    const remarks = [
      ...(lost ? [paint("bad", "lost")] : []),
      ...(configured ? [] : [paint("warning", "no longer configured")]),
      ...(pinned ? ["pinned"] : []),
      ...(changes === undefined ? [] : [changes]),
    ];
    return [
      host,
      String(number),
      formatAge(createdAt, checkedAt),
      closureSize === undefined ? "-" : formatBytes(closureSize),
      revision?.slice(0, REVISION_DIGITS) ?? "-",
      remarks.join(", "),
    ];
  });
  const heading = ["HOST", "GEN", "AGE", "SIZE", "REVISION", "CHANGES"].map((text) => paint("strong", text));
  return rows.length === 0 ? [] : [heading, ...rows];
}

function formatFailures({ checkedAt, hosts }: Status): readonly (readonly string[])[] {
  const failures = hosts.flatMap(({ configured, host, lastResult }: HostStatus) => {
    if (!configured || lastResult?.state !== "failed") return [];
    const { failedStep = "", lastSuccessAt, reason = "" } = lastResult;
    const good =
      lastSuccessAt === undefined ? "never good" : `good ${formatAge(lastSuccessAt, checkedAt)} ago`;
    return [[host, `${paint("bad", `${failedStep} failed`)}, ${good}: ${firstLineOf(reason)}`]];
  });
  if (failures.length <= MAX_FAILURES) return failures;
  const others = failures.length - MAX_FAILURES + 1;
  const rest = ["…", `${others} more hosts failed: nix-cache-builder log shows them all`];
  return [...failures.slice(0, MAX_FAILURES - 1), rest];
}
