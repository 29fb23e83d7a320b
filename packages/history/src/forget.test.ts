import { describe, expect, it } from "vitest";

import { recordRun } from "../test/record-run.ts";
import { CONDEMNATION, minutesLater, NEW_RUN, NOW } from "../test/records.ts";
import { createTemporaryDirectory } from "../test/temporary-directory.ts";
import { type Collection, type History, openHistory, type Usage } from "./index.ts";

const LATER = minutesLater(60);

const COLLECTION: Collection = {
  startedAt: NOW,
  finishedAt: NOW,
  mode: "targeted",
  plannedBytes: 0,
  freeBytesBefore: 0,
  freeBytesAfter: 0,
};

const USAGE: Usage = {
  at: NOW,
  rootedBytes: 0,
  rootedPaths: 0,
  freeBytes: 0,
  overCap: false,
  underMinFree: false,
};

function deleteGeneration(history: History, number: number, at: Date): void {
  history.condemnGeneration({ host: "nz", number }, { ...CONDEMNATION, at });
  history.recordDeletion({ host: "nz", number }, at);
}

function runIds(history: History): string[] {
  return history.runs(99).map(({ id }) => id);
}

describe("forgetBefore", () => {
  it("drops the runs that started before the date and all that belongs to them", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    const first = recordRun(history, { hosts: { nz: "published", mz: "failed" } });
    const second = history.startRun({ ...NEW_RUN, startedAt: minutesLater(1) });
    history.markKilledRuns("killed");
    const third = recordRun(history, { startedAt: LATER, hosts: { nz: "published", mz: "published" } });

    expect(history.forgetBefore(LATER)).toEqual({ runs: [first, second] });

    expect(runIds(history)).toEqual([third]);
    expect([history.steps(first), history.hostResults(first), history.publications(first)]).toEqual([
      [],
      [],
      [],
    ]);
    expect(history.hostResults(third)).toHaveLength(2);
  });

  it("keeps the latest run and what still runs, however long ago they started", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    const running = history.startRun(NEW_RUN);
    const latest = recordRun(history, {});

    expect(history.forgetBefore(LATER)).toEqual({ runs: [] });
    expect(runIds(history)).toEqual([latest, running]);
  });

  it("keeps the last attempt and the last success of each host", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    const first = recordRun(history, { hosts: { gone: "published", nz: "published" } });
    const second = recordRun(history, { hosts: { nz: "failed", gone: "failed" } });
    const third = recordRun(history, { hosts: { nz: "failed", mz: "failed" } });
    const fourth = recordRun(history, { hosts: { nz: "failed", mz: "published" } });

    expect(history.forgetBefore(LATER)).toEqual({ runs: [third] });
    expect(runIds(history)).toEqual([fourth, second, first]);
  });

  it("keeps the run that knows which hosts are configured", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    const knowing = ["old", "nz"].map((host) => {
      const run = history.startRun(NEW_RUN);
      history.recordConfiguredHosts(run, [host]);
      history.finishRun(run, { status: "FAILED", finishedAt: NOW });
      return run;
    });
    recordRun(history, {});

    expect(history.forgetBefore(LATER).runs).toEqual(knowing.slice(0, 1));
    expect(history.latestConfiguredHosts()).toEqual(["nz"]);
  });

  it("drops the generations that were deleted before the date, and gives no number again", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    for (const version of [1, 2, 3, 1]) recordRun(history, { hosts: { nz: "published" }, version });
    history.recordClosureDiff({ host: "nz", number: 2, previous: 1, diff: {} });
    deleteGeneration(history, 2, NOW);
    deleteGeneration(history, 3, LATER);
    recordRun(history, { startedAt: LATER, hosts: { nz: "failed" } });

    history.forgetBefore(LATER);

    expect(history.generations("nz").map(({ number }) => number)).toEqual([1, 3]);
    expect(history.closureDiff("nz", 2)).toBeUndefined();
    expect(history.takeGenerationNumber("nz")).toBe(4);
  });

  it("keeps a deleted generation as long as a run that stays names it", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    recordRun(history, { hosts: { nz: "published" } });
    deleteGeneration(history, 1, NOW);
    recordRun(history, { startedAt: LATER });

    history.forgetBefore(LATER);

    expect(history.lastResults()).toMatchObject([{ host: "nz", generation: 1 }]);
    expect(history.generation("nz", 1)?.deletedAt).toEqual(NOW);
  });

  it("keeps what lives and what is only condemned, with revision and lock, without the run", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    const lock = { digest: "sha256:1", inputs: [{ name: "nixpkgs", type: "path", url: "/nixpkgs" }] };
    history.recordLock(lock);
    for (const version of [1, 2]) {
      recordRun(history, { hosts: { nz: "published" }, version, lockDigest: lock.digest });
    }
    history.condemnGeneration({ host: "nz", number: 1 }, CONDEMNATION);
    recordRun(history, { startedAt: LATER, hosts: { nz: "published" }, version: 3 });

    history.forgetBefore(LATER);

    expect(history.generations("nz").map(({ number, lockDigest }) => [number, lockDigest])).toEqual([
      [3, undefined],
      [2, lock.digest],
      [1, lock.digest],
    ]);
    expect(history.generation("nz", 1)).not.toHaveProperty("run");
    expect(history.lockInputs(lock.digest)).toEqual(lock.inputs);
  });

  it("drops the locks that neither a run nor a generation names", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    for (const digest of ["sha256:1", "sha256:2", "sha256:3"]) history.recordLock({ digest, inputs: [] });
    recordRun(history, { lockDigest: "sha256:1" });
    recordRun(history, { lockDigest: "sha256:2", startedAt: LATER });

    history.forgetBefore(LATER);

    expect(history.lockInputs("sha256:1")).toBeUndefined();
    expect(history.lockInputs("sha256:2")).toEqual([]);
    expect(history.lockInputs("sha256:3")).toBeUndefined();
  });

  it("drops collections and usages but the latest, those of runs that stay, and those since the date", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    const run = recordRun(history, {});
    const kept = recordRun(history, { hosts: { nz: "published" } });
    for (const from of [{}, { run }, { run: kept }]) {
      history.recordCollection({ ...COLLECTION, ...from });
      history.recordUsage({ ...USAGE, ...from });
    }
    recordRun(history, { startedAt: LATER });
    history.recordCollection({ ...COLLECTION, finishedAt: LATER });
    history.recordCollection(COLLECTION);

    history.forgetBefore(LATER);

    expect(history.collections(9)).toEqual([
      COLLECTION,
      { ...COLLECTION, finishedAt: LATER },
      { ...COLLECTION, run: kept },
    ]);
    expect(history.latestUsage()).toEqual({ ...USAGE, run: kept });
  });

  it("does nothing to an empty history, and refuses an invalid date", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });

    expect(history.forgetBefore(LATER)).toEqual({ runs: [] });
    expect(() => history.forgetBefore(new Date(Number.NaN))).toThrow(
      new RangeError("expected date to be a valid Date, got Invalid Date"),
    );
  });
});
