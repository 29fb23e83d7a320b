import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { minutesLater, NEW_RUN, NOW } from "../test/records.ts";
import { createTemporaryDirectory, type TemporaryDirectory } from "../test/temporary-directory.ts";
import { type History, openHistory } from "./index.ts";

let directory: TemporaryDirectory;
let history: History;

beforeEach(() => {
  directory = createTemporaryDirectory();
  history = openHistory(directory.file("history.sqlite"), { now: NOW });
});

afterEach(() => {
  history.close();
  directory[Symbol.dispose]();
});

describe("startRun", () => {
  it("names a run by its start in UTC", () => {
    expect(history.startRun(NEW_RUN)).toBe("20261122T020000Z");
  });

  it("gives runs of the same second different names", () => {
    const ids = [history.startRun(NEW_RUN), history.startRun(NEW_RUN), history.startRun(NEW_RUN)];

    expect(ids).toEqual(["20261122T020000Z", "20261122T020000Z-2", "20261122T020000Z-3"]);
  });

  it("refuses a start that is no date", () => {
    expect(() => history.startRun({ ...NEW_RUN, startedAt: new Date(Number.NaN) })).toThrow(RangeError);
  });
});

describe("a run", () => {
  it("has everything that was recorded of it", () => {
    const run = history.startRun(NEW_RUN);

    history.recordSync(run, { syncState: "previous-checkout", revision: "ab12" });
    history.recordUpdate(run, { updateState: "failed", lockDigest: "sha256:00" });
    history.recordConfiguredHosts(run, ["nz", "mz"]);
    history.finishRun(run, { status: "PARTIAL", finishedAt: minutesLater(5), reason: "remote is down" });

    expect(history.run(run)).toEqual({
      ...NEW_RUN,
      id: run,
      status: "PARTIAL",
      finishedAt: minutesLater(5),
      revision: "ab12",
      lockDigest: "sha256:00",
      syncState: "previous-checkout",
      updateState: "failed",
      reason: "remote is down",
      configuredHosts: ["nz", "mz"],
    });
  });

  it("leaves out what is not known", () => {
    const run = history.startRun(NEW_RUN);

    history.recordSync(run, { syncState: "none" });
    history.finishRun(run, { status: "FAILED", finishedAt: NOW });

    expect(history.run(run)).toEqual({
      ...NEW_RUN,
      id: run,
      status: "FAILED",
      finishedAt: NOW,
      syncState: "none",
    });
  });

  it("ends once", () => {
    const run = history.startRun(NEW_RUN);
    history.finishRun(run, { status: "SUCCESS", finishedAt: NOW });

    expect(() => history.finishRun(run, { status: "FAILED", finishedAt: NOW })).toThrow(
      expect.objectContaining({
        code: "ERR_HISTORY_CONFLICT",
        message: "expected run 20261122T020000Z to be RUNNING, got SUCCESS",
      }),
    );
  });

  it("must be recorded", () => {
    const unknown = expect.objectContaining({ code: "ERR_HISTORY_UNKNOWN" });

    expect(() => history.finishRun("none", { status: "FAILED", finishedAt: NOW })).toThrow(unknown);
    expect(() => history.recordSync("none", { syncState: "synced" })).toThrow(unknown);
    expect(() => history.recordUpdate("none", { updateState: "updated" })).toThrow(unknown);
    expect(() => history.recordConfiguredHosts("none", [])).toThrow(unknown);
    expect(history.run("none")).toBeUndefined();
  });
});

describe("runs", () => {
  it("lists the latest first, whatever the clock said", () => {
    const first = history.startRun({ ...NEW_RUN, startedAt: minutesLater(60) });
    const second = history.startRun(NEW_RUN);

    expect(history.runs(10).map(({ id }) => id)).toEqual([second, first]);
    expect(history.runs(1).map(({ id }) => id)).toEqual([second]);
    expect(history.latestRun()?.id).toBe(second);
  });

  it("refuses a limit that is not a count", () => {
    expect(() => history.runs(-1)).toThrow(RangeError);
  });
});

describe("latestConfiguredHosts", () => {
  it("is what the newest run knew that recorded any", () => {
    history.recordConfiguredHosts(history.startRun(NEW_RUN), ["old"]);
    history.recordConfiguredHosts(history.startRun(NEW_RUN), ["nz", "mz"]);
    history.startRun(NEW_RUN);

    expect(history.latestConfiguredHosts()).toEqual(["nz", "mz"]);
  });

  it("tells no hosts from no record", () => {
    const before = history.latestConfiguredHosts();
    history.recordConfiguredHosts(history.startRun(NEW_RUN), []);

    expect(before).toBeUndefined();
    expect(history.latestConfiguredHosts()).toEqual([]);
  });
});

describe("markKilledRuns", () => {
  it("marks what never ended, and nothing else", () => {
    const ended = history.startRun(NEW_RUN);
    history.finishRun(ended, { status: "SUCCESS", finishedAt: NOW });
    const killed = history.startRun(NEW_RUN);

    const marked = history.markKilledRuns("found at the next start");

    expect(marked).toEqual([{ ...NEW_RUN, id: killed, status: "KILLED", reason: "found at the next start" }]);
    expect(history.run(ended)?.status).toBe("SUCCESS");
    expect(history.markKilledRuns("again")).toEqual([]);
  });
});

describe("recordStep", () => {
  it("keeps the steps of a run in order", () => {
    const run = history.startRun(NEW_RUN);
    const sync = { run, name: "sync", startedAt: NOW, durationMs: 0, outcome: "succeeded" } as const;
    const build = { ...sync, host: "nz", name: "build", durationMs: 1234, outcome: "failed" } as const;

    history.recordStep(sync);
    history.recordStep(build);

    expect(history.steps(run)).toEqual([sync, build]);
  });

  it("refuses a duration that is not whole", () => {
    const run = history.startRun(NEW_RUN);
    const step = { run, name: "sync", startedAt: NOW, outcome: "skipped" } as const;

    expect(() => history.recordStep({ ...step, durationMs: 0.5 })).toThrow(
      new RangeError("expected durationMs to be a whole number of at least 0, got 0.5"),
    );
    expect(history.steps(run)).toEqual([]);
  });
});
