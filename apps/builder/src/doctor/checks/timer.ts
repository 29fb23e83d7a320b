import type { BuilderConfig } from "@nix-cache/config";

import { type NextRun, readNextRun } from "../../schedule/read-next-run.ts";
import { parseSchedule } from "../../schedule/schedule.ts";
import { formatLocalTime } from "../../text/format-time.ts";
import type { DoctorContext } from "../doctor-context.ts";
import { type Finding, reportAs } from "../finding.ts";
import { asAdministrator } from "../remedies.ts";

const report = reportAs("timer");

const TIMER = "nix-cache-builder.timer";

/** Says whether something will start the next run. */
export async function checkTimer(context: DoctorContext): Promise<readonly Finding[]> {
  const { builder } = context.config;
  const next = await readNextRun(parseSchedule(builder), context.now());
  return [judgeTimer(next, builder, asAdministrator(context, "systemctl", "enable", "--now", TIMER))];
}

/** Judges what is known of the next run. */
export function judgeTimer(
  { at, timer }: NextRun,
  { buildSchedule, buildTime }: Pick<BuilderConfig, "buildSchedule" | "buildTime">,
  arm: string,
): Finding {
  switch (timer) {
    case "armed":
      return report.ok(at === undefined ? `${TIMER} is armed` : `the next run is at ${formatLocalTime(at)}`);
    case "stopped":
      return report.problem(`${TIMER} is not armed: nothing starts the next run`, { remedy: arm });
    case "missing":
      return report.problem(`there is no ${TIMER}: nothing starts a run`, {
        remedy: "enable the NixOS module, or install the units that come with this program",
      });
    default:
      return report.skipped(
        `systemd does not answer: have something start the run, ${buildSchedule} at ${buildTime}`,
        {
          remedy: "crontab -l   # or whatever starts it",
        },
      );
  }
}
