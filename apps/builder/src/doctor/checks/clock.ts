import { execa } from "execa";

import { formatAge, formatLocalTime } from "../../text/format-time.ts";
import { askHttp } from "../ask-http.ts";
import type { DoctorContext } from "../doctor-context.ts";
import { type Finding, reportAs } from "../finding.ts";
import { asAdministrator } from "../remedies.ts";
import { listSubstituters } from "../substituters.ts";

const report = reportAs("clock");

/** Before this program was written; a machine without a battery for its clock starts in 1970. */
const EARLIEST = new Date("2026-01-01T00:00:00Z");

/** Certificates and tokens still hold, and times in the history are right to the minute. */
const MAX_SKEW_MS = 60_000;
const BAD_SKEW_MS = 5 * 60_000;

const TIMEDATECTL_TIMEOUT_MS = 5000;

/** Says whether the time is right: certificates, ages and the schedule hang on it. */
export async function checkClock(context: DoctorContext): Promise<readonly Finding[]> {
  const { history, now } = context;
  const last = history.type === "read" ? history.latestRun?.startedAt : undefined;
  const obvious = judgeTime(now(), last);
  if (obvious !== undefined)
    return [obvious.status === "problem" ? { ...obvious, remedy: setClock(context) } : obvious];
  const [skew, isSynchronized] = await Promise.all([measureSkew(context), readSynchronization()]);
  const remedy = setClock(context);
  if (skew === undefined && isSynchronized === undefined) {
    return [
      report.skipped("no server tells the time, and timedatectl does not either", {
        remedy: "date   # compare it with another clock",
      }),
    ];
  }
  if (skew !== undefined && Math.abs(skew.ms) >= MAX_SKEW_MS) {
    const make = Math.abs(skew.ms) >= BAD_SKEW_MS ? report.problem : report.warning;
    const direction = skew.ms > 0 ? "behind" : "ahead of";
    return [
      make(`the clock is ${Math.round(Math.abs(skew.ms) / 1000)} s ${direction} that of ${skew.server}`, {
        remedy,
      }),
    ];
  }
  if (isSynchronized === false) return [report.warning("the clock is not synchronized by NTP", { remedy })];
  const source = skew === undefined ? "synchronized by NTP" : `as that of ${skew.server} says`;
  return [report.ok(`${formatLocalTime(now())}, ${source}`)];
}

/** What is wrong with a time on its face; undefined when it may be right. */
export function judgeTime(now: Date, lastRun: Date | undefined): Finding | undefined {
  if (now < EARLIEST) return report.problem(`the clock says ${now.toISOString()}, which is long past`);
  if (lastRun === undefined || lastRun.getTime() - now.getTime() < BAD_SKEW_MS) return undefined;
  return report.problem(
    `the last run is in the future, by ${formatAge(now, lastRun)}: the clock was set back`,
  );
}

interface Skew {
  readonly server: string;
  /** Above 0 where this machine's clock is behind. */
  readonly ms: number;
}

/** The median would need several servers; one that has a wrong clock itself is rarer than a wrong clock here. */
async function measureSkew(context: DoctorContext): Promise<Skew | undefined> {
  const { config, now, signal } = context;
  const { flakeRepo } = config.builder;
  const caches = (await listSubstituters(context)).map(({ url }) => `${url}/nix-cache-info`);
  const forge = /^https?:\/\//.test(flakeRepo) ? [new URL(flakeRepo).origin] : [];
  const answers = await Promise.all(
    [...caches, ...forge].map(async (url): Promise<Skew | undefined> => {
      const answer = await askHttp(url, { method: "HEAD", isProxied: true, signal });
      if (answer.type !== "answer" || answer.date === undefined) return undefined;
      return { server: new URL(url).host, ms: answer.date.getTime() - now().getTime() };
    }),
  );
  return answers.find((answer) => answer !== undefined);
}

/** What systemd says; undefined on a machine without it. */
async function readSynchronization(): Promise<boolean | undefined> {
  const { exitCode, stdout } = await execa("timedatectl", ["show", "--property=NTPSynchronized", "--value"], {
    reject: false,
    timeout: TIMEDATECTL_TIMEOUT_MS,
  });
  return exitCode === 0 && /^(yes|no)$/.test(stdout) ? stdout === "yes" : undefined;
}

function setClock(context: DoctorContext): string {
  return asAdministrator(context, "timedatectl", "set-ntp", "true");
}
