import type { HostAttempt } from "@nix-cache/history";

import { formatAge } from "../../text/format-time.ts";
import { firstLineOf } from "../../text/safe-text.ts";
import type { DoctorContext } from "../doctor-context.ts";
import { type Finding, reportAs } from "../finding.ts";
import { asBuilder } from "../remedies.ts";

const report = reportAs("hosts");

/** Says which hosts failed the last time, and what serves meanwhile. */
export async function checkHosts(context: DoctorContext): Promise<readonly Finding[]> {
  const { history } = context;
  const results = history.type === "read" ? history.results : [];
  if (results.length === 0) return [report.skipped("no host was built yet")];
  const failed = results.flatMap((result) =>
    result.state === "failed" ? [reportFailed(context, result)] : [],
  );
  const good = results.length - failed.length;
  return good === 0
    ? failed
    : [report.ok(`${good} of ${results.length} hosts were built the last time`), ...failed];
}

function reportFailed(context: DoctorContext, result: Extract<HostAttempt, { state: "failed" }>): Finding {
  const { history, now } = context;
  const { failedStep, host, reason, run, startedAt } = result;
  const published =
    history.type === "read" ? history.published.find(([newest]) => newest.host === host) : undefined;
  const [newest] = published ?? [];
  const make = newest === undefined ? report.problem : report.warning;
  const fallback =
    newest === undefined
      ? "nothing of it is published"
      : `generation ${newest.number} of ${formatAge(newest.createdAt, now())} ago serves`;
  return make(`${host} failed to ${failedStep}, ${formatAge(startedAt, now())} ago: ${firstLineOf(reason)}`, {
    detail: fallback,
    remedy: asBuilder(context, "log", host, "--run", run),
  });
}
