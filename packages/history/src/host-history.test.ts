import { describe, expect, it } from "vitest";

import { recordRun } from "../test/record-run.ts";
import { CONDEMNATION, minutesLater, NEW_RUN, NOW } from "../test/records.ts";
import { createTemporaryDirectory } from "../test/temporary-directory.ts";
import { openHistory } from "./index.ts";

describe("lastResults", () => {
  it("has the latest result of each host, by host name, with the start of its run", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    const first = recordRun(history, {
      startedAt: minutesLater(60),
      hosts: { old: "failed", nz: "published", mz: "failed" },
    });
    const second = recordRun(history, { hosts: { nz: "failed", mz: "published" } });

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
    recordRun(history, { hosts: { old: "failed", nz: "failed" } });
    recordRun(history, { startedAt: minutesLater(60), hosts: { nz: "failed" } });

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
    recordRun(history, { hosts: { nz: "published", mz: "failed" } });
    const second = recordRun(history, { startedAt: minutesLater(60), hosts: { nz: "failed" } });
    recordRun(history, { startedAt: minutesLater(90), hosts: { mz: "failed" } });
    const third = recordRun(history, { startedAt: minutesLater(120), hosts: { nz: "published" } });

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
    recordRun(history, { hosts: { nz: "published" } });
    const second = recordRun(history, { startedAt: minutesLater(60), hosts: { nz: "published" } });
    recordRun(history, { startedAt: minutesLater(120), hosts: { nz: "failed", mz: "failed" } });

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
    recordRun(history, { hosts: { nz: "published", mz: "failed" } });
    history.takeGenerationNumber("counted");
    for (const host of ["adopted", "gone"]) {
      history.adoptGeneration({ host, number: 1, toplevel: "/nix/store/a", at: NOW });
    }
    history.condemnGeneration({ host: "gone", number: 1 }, CONDEMNATION);

    expect(history.hosts()).toEqual(["adopted", "mz", "nz"]);
  });
});
