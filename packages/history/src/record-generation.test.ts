import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { minutesLater, NEW_RUN, NOW, publish } from "../test/records.ts";
import { createTemporaryDirectory, type TemporaryDirectory } from "../test/temporary-directory.ts";
import { type History, openHistory } from "./index.ts";

const CONFLICT = expect.objectContaining({ name: "HistoryError", code: "ERR_HISTORY_CONFLICT" });
const UNKNOWN = expect.objectContaining({ name: "HistoryError", code: "ERR_HISTORY_UNKNOWN" });

let directory: TemporaryDirectory;
let history: History;
let run: string;

beforeEach(() => {
  directory = createTemporaryDirectory();
  history = openHistory(directory.file("history.sqlite"), { now: NOW });
  run = history.startRun(NEW_RUN);
});

afterEach(() => {
  history.close();
  directory[Symbol.dispose]();
});

describe("takeGenerationNumber", () => {
  it("counts from 1 for each host", () => {
    const numbers = ["nz", "nz", "mz", "nz"].map((host) => history.takeGenerationNumber(host));

    expect(numbers).toEqual([1, 2, 1, 3]);
  });

  it("goes on where it was after the history is opened again", () => {
    history.takeGenerationNumber("nz");
    history.close();

    history = openHistory(directory.file("history.sqlite"), { now: NOW });

    expect(history.takeGenerationNumber("nz")).toBe(2);
  });
});

describe("recordPublication", () => {
  it("records a new generation", () => {
    const number = history.takeGenerationNumber("nz");
    const sizes = { narSize: 10, closureSize: 1000 };

    const generation = history.recordPublication({
      run,
      host: "nz",
      number,
      toplevel: "/nix/store/a",
      at: NOW,
      ...sizes,
    });

    expect(generation).toEqual({
      host: "nz",
      number: 1,
      toplevel: "/nix/store/a",
      createdAt: NOW,
      lastVerifiedAt: NOW,
      lastPublication: 1,
      run,
      ...sizes,
      pinned: false,
    });
    expect(history.generations("nz")).toEqual([generation]);
    expect(history.publications(run)).toEqual([{ id: 1, run, host: "nz", generation: 1, at: NOW }]);
  });

  it("learns the sizes of a generation that was found on disk", () => {
    const found = { host: "nz", number: 1, toplevel: "/nix/store/a", at: NOW };
    history.adoptGeneration(found);

    history.recordPublication({ ...found, run, narSize: 10, closureSize: 1000 });
    const confirmed = history.recordPublication({ ...found, run });

    expect(confirmed).toMatchObject({ narSize: 10, closureSize: 1000 });
  });

  it("confirms the same toplevel without a new generation", () => {
    publish(history, { run, host: "nz", toplevel: "/nix/store/a" });
    const next = history.startRun(NEW_RUN);

    publish(history, { run: next, host: "nz", toplevel: "/nix/store/a", at: minutesLater(60) });

    expect(history.generations("nz")).toEqual([
      expect.objectContaining({ number: 1, run, createdAt: NOW, lastVerifiedAt: minutesLater(60) }),
    ]);
    expect(history.publications(next)).toHaveLength(1);
  });

  it("copies revision and lock of the run, and keeps what a later run does not know", () => {
    history.recordSync(run, { syncState: "synced", revision: "ab12" });
    history.recordUpdate(run, { updateState: "updated", lockDigest: "sha256:1" });
    publish(history, { run, host: "nz", toplevel: "/nix/store/a" });
    const next = history.startRun(NEW_RUN);
    history.recordUpdate(next, { updateState: "updated", lockDigest: "sha256:2" });

    publish(history, { run: next, host: "nz", toplevel: "/nix/store/a" });

    expect(history.generation("nz", 1)).toMatchObject({ run, revision: "ab12", lockDigest: "sha256:2" });
  });

  it("makes an older toplevel the newest again, whatever the clock said", () => {
    publish(history, { run, host: "nz", toplevel: "/nix/store/a", at: minutesLater(60) });
    publish(history, { run, host: "nz", toplevel: "/nix/store/b", at: minutesLater(60) });

    publish(history, { run, host: "nz", toplevel: "/nix/store/a", at: NOW });

    expect(history.generations("nz").map(({ number }) => number)).toEqual([1, 2]);
    expect(history.newestGenerations().map(({ number }) => number)).toEqual([1]);
  });

  it("refuses a number that was never taken", () => {
    const publication = { run, host: "nz", number: 1, toplevel: "/nix/store/a", at: NOW };

    expect(() => history.recordPublication(publication)).toThrow(UNKNOWN);
    expect(() => history.recordPublication({ ...publication, number: 0 })).toThrow(RangeError);
  });

  it("refuses another toplevel under a known number, and a known toplevel under another number", () => {
    publish(history, { run, host: "nz", toplevel: "/nix/store/a" });
    const number = history.takeGenerationNumber("nz");
    const publication = { run, host: "nz", at: NOW };

    expect(() => history.recordPublication({ ...publication, number: 1, toplevel: "/nix/store/b" })).toThrow(
      CONFLICT,
    );
    expect(() => history.recordPublication({ ...publication, number, toplevel: "/nix/store/a" })).toThrow(
      CONFLICT,
    );
  });

  it("records nothing of a publication by an unknown run", () => {
    const number = history.takeGenerationNumber("nz");

    expect(() =>
      history.recordPublication({ run: "none", host: "nz", number, toplevel: "/nix/store/a", at: NOW }),
    ).toThrow(UNKNOWN);
    expect(history.generations("nz")).toEqual([]);
  });
});

describe("adoptGeneration", () => {
  it("records what is found on disk as newer than what has smaller numbers", () => {
    publish(history, { run, host: "nz", toplevel: "/nix/store/a" });

    const adopted = history.adoptGeneration({ host: "nz", number: 7, toplevel: "/nix/store/b", at: NOW });

    expect(adopted).toMatchObject({ number: 7, lastPublication: 1 });
    expect(adopted).not.toHaveProperty("run");
    expect(history.newestGenerations().map(({ number }) => number)).toEqual([7]);
  });

  it("records what is found on disk as older than what has greater numbers, and than what comes", () => {
    history.takeGenerationNumber("nz");
    publish(history, { run, host: "nz", toplevel: "/nix/store/b" });
    history.adoptGeneration({ host: "nz", number: 1, toplevel: "/nix/store/a", at: NOW });
    history.adoptGeneration({ host: "nz", number: 3, toplevel: "/nix/store/c", at: NOW });
    const before = history.generations("nz").map(({ number }) => number);

    history.recordPublication({ run, host: "nz", number: 1, toplevel: "/nix/store/a", at: NOW });

    expect(before).toEqual([3, 2, 1]);
    expect(history.generations("nz").map(({ number }) => number)).toEqual([1, 3, 2]);
  });

  it("takes the highest number for the newest where nothing was published", () => {
    history.adoptGeneration({ host: "nz", number: 7, toplevel: "/nix/store/b", at: NOW });
    history.adoptGeneration({ host: "nz", number: 5, toplevel: "/nix/store/a", at: NOW });

    expect(history.newestGenerations().map(({ number }) => number)).toEqual([7]);
  });

  it("keeps its number from being given again", () => {
    history.adoptGeneration({ host: "nz", number: 7, toplevel: "/nix/store/b", at: NOW });
    history.adoptGeneration({ host: "nz", number: 5, toplevel: "/nix/store/a", at: NOW });

    expect(history.takeGenerationNumber("nz")).toBe(8);
  });

  it("refuses a number that is recorded", () => {
    publish(history, { run, host: "nz", toplevel: "/nix/store/a" });

    expect(() =>
      history.adoptGeneration({ host: "nz", number: 1, toplevel: "/nix/store/b", at: NOW }),
    ).toThrow(CONFLICT);
  });
});
