import type { BuilderConfig } from "@nix-cache/config";

import { type NextRun, readNextRun } from "../../schedule/read-next-run.ts";
import { parseSchedule } from "../../schedule/schedule.ts";
import { formatLocalTime } from "../../text/format-time.ts";
import type { DoctorContext } from "../doctor-context.ts";
import { type Finding, reportAs } from "../finding.ts";
import { asAdministrator, asBuilder } from "../remedies.ts";

const report = reportAs("timer");

const TIMER = "nix-cache-builder.timer";

/** Says whether something will start the next run. */
export async function checkTimer(context: DoctorContext): Promise<readonly Finding[]> {
  const { builder } = context.config;
  const next = await readNextRun(parseSchedule(builder), context.now());
  const arm = asAdministrator(context, "systemctl", "enable", "--now", TIMER);
  const install = `${asBuilder(context, "install")}   # on NixOS: services.nix-cache-builder.enable = true`;
  return [judgeTimer(next, builder, { arm, install })];
}

/** What to do about a timer that is not armed, or not there. */
interface TimerRemedies {
  readonly arm: string;
  readonly install: string;
}

/** Judges what is known of the next run. */
export function judgeTimer(
  { at, timer }: NextRun,
  { buildSchedule, buildTime }: Pick<BuilderConfig, "buildSchedule" | "buildTime">,
  { arm, install }: TimerRemedies,
): Finding {
  switch (timer) {
    case "armed":
      return report.ok(at === undefined ? `${TIMER} is armed` : `the next run is at ${formatLocalTime(at)}`);
    case "stopped":
      return report.problem(`${TIMER} is not armed: nothing starts the next run`, { remedy: arm });
    case "missing":
      return report.problem(`there is no ${TIMER}: nothing starts a run`, {
        remedy: install,
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
