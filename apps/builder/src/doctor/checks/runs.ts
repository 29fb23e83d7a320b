import type { Run } from "@nix-cache/history";

import { findMissedRun } from "../../schedule/find-missed-run.ts";
import { parseSchedule } from "../../schedule/schedule.ts";
import { formatAge } from "../../text/format-time.ts";
import { firstLineOf } from "../../text/safe-text.ts";
import type { DoctorContext } from "../doctor-context.ts";
import { type Finding, reportAs } from "../finding.ts";
import type { HistoryView } from "../history-view.ts";
import { asBuilder } from "../remedies.ts";

const report = reportAs("runs");

/** Says how the last run ended, and whether one is missing since. */
export async function checkRuns(context: DoctorContext): Promise<readonly Finding[]> {
  const { history, lock, now } = context;
  const findings = history.type === "unreadable" ? [reportUnreadable(context, history)] : [];
  const run = history.type === "read" ? history.latestRun : undefined;
  if (lock?.isRunning === true) {
    findings.push(report.ok(`"${lock.command}" is at work since ${formatAge(lock.since, now())}`));
  } else if (lock !== undefined) {
    findings.push(
      report.warning(`"${lock.command}", begun ${formatAge(lock.since, now())} ago, was killed`, {
        detail: "what was published stays; the next command puts right what was left half done",
        remedy: asBuilder(context, "run"),
      }),
    );
  }
  if (run !== undefined) findings.push(judgeRun(context, run), ...(await reportMissedRun(context, run)));
  if (findings.length > 0) return findings;
  return [report.warning("nothing has been run yet", { remedy: asBuilder(context, "run") })];
}

function reportUnreadable(
  context: DoctorContext,
  { code, reason }: Extract<HistoryView, { type: "unreadable" }>,
): Finding {
  const { publicHistoryFile } = context.places;
  switch (code) {
    case "ERR_HISTORY_VERSION":
      return report.problem("the history cannot be read by this version", {
        detail: reason,
        remedy:
          "install the version of nix-cache-builder that the service runs, or a newer one, and run it once",
      });
    case "ERR_HISTORY_OPEN":
      return report.problem(`${publicHistoryFile} cannot be opened`, {
        detail: reason,
        remedy: `ls -ld ${publicHistoryFile.replace(/\/[^/]*$/, "")} ${publicHistoryFile}   # everyone may read it`,
      });
    default:
      return report.problem("the history that others see is damaged", {
        detail: reason,
        remedy: `${asBuilder(context, "prune")}   # publishes it anew`,
      });
  }
}

function judgeRun(context: DoctorContext, { finishedAt, id, reason = "", startedAt, status }: Run): Finding {
  const { lock, now } = context;
  const age = formatAge(finishedAt ?? startedAt, now());
  const detail = firstLineOf(reason);
  const notes = { ...(detail === "" ? {} : { detail }), remedy: asBuilder(context, "log", "--run", id) };
  switch (status) {
    case "SUCCESS":
      return report.ok(`the last run succeeded, ${age} ago`);
    case "PARTIAL":
      return report.warning(`the last run succeeded in part, ${age} ago`, notes);
    case "RUNNING":
      return lock?.isRunning === true
        ? report.skipped("how it ends is yet to be seen")
        : report.warning(`the last run, begun ${age} ago, was killed`, { remedy: asBuilder(context, "run") });
    case "KILLED":
      return report.problem(`the last run, begun ${age} ago, was killed`, {
        ...notes,
        remedy: asBuilder(context, "run"),
      });
    default:
      return report.problem(`the last run failed, ${age} ago`, notes);
  }
}

async function reportMissedRun(context: DoctorContext, run: Run): Promise<readonly Finding[]> {
  const { config, lock, now } = context;
  const due = await findMissedRun(parseSchedule(config.builder), run, now());
  if (due === undefined || lock?.isRunning === true) return [];
  const { buildSchedule, buildTime } = config.builder;
  const since = formatAge(run.startedAt, now());
  return [
    report.problem(`no run since ${since}, though it should be ${buildSchedule} at ${buildTime}`, {
      detail: `the next was due ${formatAge(due, now())} ago`,
      remedy: `systemctl list-timers nix-cache-builder.timer   # is it armed?\n${asBuilder(context, "run")}`,
    }),
  ];
}
