import { describe, expect, it } from "vitest";

import { CONDEMNATION, minutesLater, NEW_RUN, NOW, publish } from "../test/records.ts";
import { createTemporaryDirectory } from "../test/temporary-directory.ts";
import { type History, openHistory } from "./index.ts";

/** Records a run that starts some minutes after the start, with these results; returns its id. */
function recordRun(
  history: History,
  minutes: number,
  results: Readonly<Record<string, "published" | "failed">>,
): string {
  const run = history.startRun({ ...NEW_RUN, startedAt: minutesLater(minutes) });
  for (const [host, state] of Object.entries(results)) {
    const toplevel = `/nix/store/${host}-${run}`;
    if (state === "failed") {
      history.recordHostResult({ run, host, state, failedStep: "build", reason: "failed", durationMs: 1 });
    } else {
      const generation = publish(history, { run, host, toplevel });
      history.recordHostResult({ run, host, state, toplevel, generation, durationMs: 1 });
    }
  }
  return run;
}

describe("lastResults", () => {
  it("has the latest result of each host, by host name, with the start of its run", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    const first = recordRun(history, 60, { old: "failed", nz: "published", mz: "failed" });
    const second = recordRun(history, 0, { nz: "failed", mz: "published" });

    const results = history.lastResults();

    expect(results).toEqual([
      expect.objectContaining({ host: "mz", run: second, state: "published", startedAt: NOW }),
      expect.objectContaining({ host: "nz", run: second, state: "failed", startedAt: NOW }),
      expect.objectContaining({ host: "old", run: first, state: "failed", startedAt: minutesLater(60) }),
    ]);
    expect(results[1]).toEqual({ ...history.hostResults(second)[1], startedAt: NOW });
  });

  it("is empty where no host has a result", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    history.startRun(NEW_RUN);

    expect(history.lastResults()).toEqual([]);
    expect(history.hosts()).toEqual([]);
  });
});

describe("lastAttempts", () => {
  it("tells when the last run with a result for each host started", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    recordRun(history, 0, { old: "failed", nz: "failed" });
    recordRun(history, 60, { nz: "failed" });

    expect([...history.lastAttempts()]).toEqual([
      ["nz", minutesLater(60)],
      ["old", NOW],
    ]);
  });
});

describe("hostHistory", () => {
  it("has the latest results of one host, the newest first", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    recordRun(history, 0, { nz: "published", mz: "failed" });
    const second = recordRun(history, 60, { nz: "failed" });
    recordRun(history, 90, { mz: "failed" });
    const third = recordRun(history, 120, { nz: "published" });

    expect(history.hostHistory("nz", 2)).toEqual([
      { ...history.hostResults(third)[0], startedAt: minutesLater(120) },
      { ...history.hostResults(second)[0], startedAt: minutesLater(60) },
    ]);
    expect(history.hostHistory("nz", 9)).toHaveLength(3);
    expect(history.hostHistory("none", 9)).toEqual([]);
  });
});

describe("lastSuccess", () => {
  it("passes over what failed since", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    recordRun(history, 0, { nz: "published" });
    const second = recordRun(history, 60, { nz: "published" });
    recordRun(history, 120, { nz: "failed", mz: "failed" });

    expect(history.lastSuccess("nz")).toMatchObject({
      run: second,
      generation: 2,
      startedAt: minutesLater(60),
    });
    expect(history.lastSuccess("mz")).toBeUndefined();
  });
});

describe("hosts", () => {
  it("has each host with a result or a live generation once, sorted", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    recordRun(history, 0, { nz: "published", mz: "failed" });
    history.takeGenerationNumber("counted");
    for (const host of ["adopted", "gone"]) {
      history.adoptGeneration({ host, number: 1, toplevel: "/nix/store/a", at: NOW });
    }
    history.condemnGeneration({ host: "gone", number: 1 }, CONDEMNATION);

    expect(history.hosts()).toEqual(["adopted", "mz", "nz"]);
  });
});
