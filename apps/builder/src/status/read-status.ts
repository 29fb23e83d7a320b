import { statfsSync } from "node:fs";

import type { Collection, HistoryReader, Usage } from "@nix-cache/history";

import { isErrno } from "../errno.ts";
import { BYTES_PER_GB } from "../gigabyte.ts";
import type { BuilderMachineConfig } from "../load-config.ts";
import { readLockState } from "../lock-holder.ts";
import { placesOf } from "../places.ts";
import { readHistory } from "../read-history.ts";
import { findMissedRun } from "../schedule/find-missed-run.ts";
import { readNextRun } from "../schedule/read-next-run.ts";
import { parseSchedule } from "../schedule/schedule.ts";
import { findDamagedHistory } from "./find-damaged-history.ts";
import { healthOf, listProblems } from "./health.ts";
import { readHosts } from "./read-hosts.ts";
import type { DiskStatus, HostStatus, RunSummary, Status } from "./status.ts";
import { summarizeRun } from "./summarize-run.ts";

/** Runs among which killed ones are looked for: a week of nights. */
const RECENT_RUNS = 7;

/** What the history says. */
interface Recorded {
  readonly lastRun?: RunSummary;
  readonly killedRuns: readonly RunSummary[];
  readonly hosts: readonly HostStatus[];
  readonly usage?: Usage;
  readonly collection?: Collection;
}

/** Collects how it is with the builder; asks Nix nothing and changes nothing. */
export async function readStatus(config: BuilderMachineConfig, now: Date): Promise<Status> {
  const { builder, nix } = config;
  const { historyFile, lockFile, publicHistoryFile } = placesOf(builder);
  const damagedHistory = findDamagedHistory(historyFile);
  const recorded = readHistory(publicHistoryFile, (history) => readRecorded(history, builder.hosts));
  const { lastRun, killedRuns = [], usage, collection } = recorded ?? {};
  const schedule = parseSchedule(builder);
  const lock = readLockState(lockFile);
  const overdueSince = lastRun && (await findMissedRun(schedule, lastRun, now));
  const facts = {
    checkedAt: now,
    ...(lock && { lock }),
    ...(lastRun && { lastRun }),
    nextRun: await readNextRun(schedule, now),
    ...(overdueSince && !lock?.isRunning && { overdueSince }),
    killedRuns,
    hosts: recorded?.hosts ?? listConfigured(builder.hosts),
    disk: diskOf(config, usage, freeBytesOf(nix.realStoreDir) ?? usage?.freeBytes),
    ...(damagedHistory !== undefined && { damagedHistory }),
  };
  const problems = listProblems(facts, { usage, collection });
  const health = healthOf(facts, problems);
  return { health, healthy: health === "healthy", problems, ...facts };
}

function readRecorded(history: HistoryReader, configured: readonly string[]): Recorded {
  const runs = history.runs(RECENT_RUNS);
  const [lastRun] = runs;
  const usage = history.latestUsage();
  const [collection] = history.collections(1);
  return {
    ...(lastRun && { lastRun: summarizeRun(lastRun) }),
    killedRuns: runs.filter(({ status }) => status === "KILLED").map(summarizeRun),
    hosts: readHosts(history, configured),
    ...(usage && { usage }),
    ...(collection && { collection }),
  };
}

function listConfigured(hosts: readonly string[]): readonly HostStatus[] {
  return hosts.filter((host) => host !== "*").map((host) => ({ host, configured: true }));
}

function diskOf(
  { builder }: BuilderMachineConfig,
  usage: Usage | undefined,
  freeBytes: number | undefined,
): DiskStatus {
  const { maxCacheSize, minFreeSpace } = builder;
  return {
    ...(usage && {
      usedBytes: usage.rootedBytes,
      usedPaths: usage.rootedPaths,
      measuredAt: usage.at,
    }),
    ...(maxCacheSize > 0 && { capBytes: maxCacheSize * BYTES_PER_GB }),
    ...(freeBytes !== undefined && { freeBytes }),
    ...(minFreeSpace > 0 && { minFreeBytes: minFreeSpace * BYTES_PER_GB }),
  };
}

/** What an unprivileged user may fill. */
function freeBytesOf(directory: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR", "EACCES")) return undefined;
    throw error;
  }
}
