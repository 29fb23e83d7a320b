import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createMemoryHistory, type MemoryHistory } from "../test/memory-history.ts";
import { readBrokenReferences, readTables } from "../test/read-tables.ts";
import { recordRun } from "../test/record-run.ts";
import { CONDEMNATION, minutesLater, NEW_RUN } from "../test/records.ts";
import type { History, HistoryReader } from "./index.ts";

interface Night {
  /** Start; the clock may go back from one night to the next. */
  readonly minutes: number;
  readonly hosts: Readonly<Record<string, "published" | "failed">>;
  readonly version: number;
  readonly isKilled: boolean;
  readonly knowsHosts: boolean;
  readonly dropsOldest: "condemn" | "delete" | "nothing";
}

const HOSTS = ["mz", "nz"] as const;
const MAX_MINUTES = 20;

const USAGE = { rootedBytes: 0, rootedPaths: 0, freeBytes: 0, overCap: false, underMinFree: false };

const minutes = fc.nat({ max: MAX_MINUTES });
const state = fc.constantFrom<"published" | "failed">("published", "failed");
const nights: fc.Arbitrary<Night[]> = fc.array(
  fc.record({
    minutes,
    hosts: fc.record({ mz: state, nz: state }, { requiredKeys: [] }),
    version: fc.nat({ max: 3 }),
    isKilled: fc.boolean(),
    knowsHosts: fc.boolean(),
    dropsOldest: fc.constantFrom("condemn", "delete", "nothing"),
  }),
  { maxLength: 9 },
);

function recordNight(history: History, night: Night): void {
  const at = minutesLater(night.minutes);
  const lockDigest = `sha256:${night.version}`;
  history.recordLock({ digest: lockDigest, inputs: [{ name: "nixpkgs", type: "path", url: lockDigest }] });
  const run = recordRun(history, { ...night, startedAt: at, lockDigest });
  // As a night's run records it, or a prune of its own.
  const by = night.version === 0 ? {} : { run };
  history.recordUsage({ ...USAGE, ...by, at });
  if (night.dropsOldest !== "nothing") dropOldest(history, at, night.dropsOldest);
  if (!night.knowsHosts && !night.isKilled) return;
  const other = history.startRun({ ...NEW_RUN, startedAt: at });
  if (night.knowsHosts) history.recordConfiguredHosts(other, Object.keys(night.hosts));
  if (night.isKilled) history.markKilledRuns("killed");
}

function dropOldest(history: History, at: Date, means: "condemn" | "delete"): void {
  for (const host of HOSTS) {
    const oldest = history.generations(host).findLast(({ deletedAt }) => deletedAt === undefined);
    if (oldest === undefined) continue;
    history.condemnGeneration(oldest, { ...CONDEMNATION, at });
    if (means === "delete") history.recordDeletion(oldest, at);
  }
}

/** What is asked of the present; a run's name may be forgotten, the rest may not change. */
function answersOf(reader: HistoryReader): unknown {
  const live = HOSTS.flatMap((host) => reader.generations(host)).filter(
    ({ deletedAt }) => deletedAt === undefined,
  );
  return {
    latestRun: reader.latestRun(),
    running: reader.runs(99).filter(({ status }) => status === "RUNNING"),
    hosts: reader.hosts(),
    lastResults: reader.lastResults(),
    lastSuccesses: HOSTS.map((host) => reader.lastSuccess(host)),
    configuredHosts: reader.latestConfiguredHosts(),
    live: live.map((generation) => ({ ...generation, run: "any" })),
    newest: reader.newestGenerations().map(({ host, number }) => [host, number]),
    condemned: reader.condemnedGenerations().map(({ host, number }) => [host, number]),
    locks: live.map(({ lockDigest }) => lockDigest !== undefined && reader.lockInputs(lockDigest)),
    usage: { ...reader.latestUsage(), run: "any" },
  };
}

function recordNights(recorded: readonly Night[]): MemoryHistory {
  const history = createMemoryHistory();
  for (const night of recorded) recordNight(history, night);
  return history;
}

/** What is left of the nights after what was before each date was forgotten in turn. */
function forgetInTurn(recorded: readonly Night[], dates: readonly number[]): unknown {
  using history = recordNights(recorded);
  for (const date of dates) history.forgetBefore(minutesLater(date));
  return readTables(history.db);
}

describe("forgetBefore", () => {
  it("changes no answer about the present, gives no number again, and leaves no loose end", () => {
    fc.assert(
      fc.property(nights, minutes, (recorded, before) => {
        using history = recordNights(recorded);
        const answers = answersOf(history);
        const highest = HOSTS.map((host) => history.generations(host).length);
        const runs = new Map(history.runs(99).map((run) => [run.id, run.startedAt]));

        const forgotten = history.forgetBefore(minutesLater(before));

        expect(answersOf(history)).toEqual(answers);
        expect(readBrokenReferences(history.db)).toEqual([]);
        expect(forgotten.runs.map((id) => history.run(id))).toEqual(forgotten.runs.map(() => undefined));
        expect(forgotten.runs.every((id) => Number(runs.get(id)) < minutesLater(before).getTime())).toBe(
          true,
        );
        expect(forgotten.runs.length + history.runs(99).length).toBe(runs.size);
        expect(HOSTS.map((host) => history.takeGenerationNumber(host))).toEqual(
          highest.map((number) => number + 1),
        );
      }),
    );
  });

  it("comes to the same whether it is done once or again, for one date or the dates before it too", () => {
    fc.assert(
      fc.property(nights, minutes, minutes, (recorded, some, others) => {
        const earlier = Math.min(some, others);
        const later = Math.max(some, others);
        const once = forgetInTurn(recorded, [later]);

        expect(forgetInTurn(recorded, [later, later])).toEqual(once);
        expect(forgetInTurn(recorded, [earlier, later])).toEqual(once);
        expect(forgetInTurn(recorded, [later, earlier])).toEqual(once);
      }),
    );
  });
});
