import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { CONDEMNATION, minutesLater, NEW_RUN, NOW, publish } from "../test/records.ts";
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

describe("condemnGeneration and recordDeletion", () => {
  it("take a generation out of the newest, but not out of the list", () => {
    publish(history, { run, host: "nz", toplevel: "/nix/store/a" });
    publish(history, { run, host: "nz", toplevel: "/nix/store/b" });

    history.condemnGeneration({ host: "nz", number: 2 }, { ...CONDEMNATION, at: minutesLater(1) });
    history.recordDeletion({ host: "nz", number: 2 }, minutesLater(2));

    expect(history.newestGenerations().map(({ number }) => number)).toEqual([1]);
    expect(history.generations("nz")[0]).toMatchObject({
      number: 2,
      condemnedReason: "older than the newest 3",
      plannedBytes: 1000,
      condemnedAt: minutesLater(1),
      deletedAt: minutesLater(2),
    });
  });

  it("keep the first date when they are repeated", () => {
    publish(history, { run, host: "nz", toplevel: "/nix/store/a" });
    const key = { host: "nz", number: 1 };

    for (const minutes of [1, 2])
      history.condemnGeneration(key, { ...CONDEMNATION, at: minutesLater(minutes) });
    for (const minutes of [3, 4]) history.recordDeletion(key, minutesLater(minutes));

    expect(history.generations("nz")[0]).toMatchObject({
      condemnedAt: minutesLater(1),
      deletedAt: minutesLater(3),
    });
  });

  it("keep the first reason and plan when they are repeated", () => {
    publish(history, { run, host: "nz", toplevel: "/nix/store/a" });
    const key = { host: "nz", number: 1 };

    history.condemnGeneration(key, { at: NOW, reason: "over the cap" });
    history.condemnGeneration(key, CONDEMNATION);

    expect(history.generation("nz", 1)).toMatchObject({ condemnedAt: NOW, condemnedReason: "over the cap" });
    expect(history.generation("nz", 1)).not.toHaveProperty("plannedBytes");
  });

  it("give a toplevel that comes back a new number", () => {
    publish(history, { run, host: "nz", toplevel: "/nix/store/a" });
    history.condemnGeneration({ host: "nz", number: 1 }, CONDEMNATION);

    expect(publish(history, { run, host: "nz", toplevel: "/nix/store/a" })).toBe(2);
  });

  it("refuse what is not recorded, pinned or not condemned", () => {
    const key = { host: "nz", number: publish(history, { run, host: "nz", toplevel: "/nix/store/a" }) };
    history.pinGeneration(key);

    expect(() => history.condemnGeneration({ host: "nz", number: 2 }, CONDEMNATION)).toThrow(UNKNOWN);
    expect(() => history.condemnGeneration(key, CONDEMNATION)).toThrow(CONFLICT);
    expect(() => history.recordDeletion(key, NOW)).toThrow(CONFLICT);
  });

  it("keep a condemned generation from being published", () => {
    publish(history, { run, host: "nz", toplevel: "/nix/store/a" });
    history.condemnGeneration({ host: "nz", number: 1 }, CONDEMNATION);

    expect(() =>
      history.recordPublication({ run, host: "nz", number: 1, toplevel: "/nix/store/a", at: NOW }),
    ).toThrow(CONFLICT);
  });
});

describe("pinGeneration and unpinGeneration", () => {
  it("set and clear the pin", () => {
    const key = { host: "nz", number: publish(history, { run, host: "nz", toplevel: "/nix/store/a" }) };

    history.pinGeneration(key);
    const pinned = history.findGeneration("nz", "/nix/store/a")?.pinned;
    history.unpinGeneration(key);

    expect(pinned).toBe(true);
    expect(history.findGeneration("nz", "/nix/store/a")?.pinned).toBe(false);
  });

  it("refuse what is not recorded or condemned", () => {
    publish(history, { run, host: "nz", toplevel: "/nix/store/a" });
    history.condemnGeneration({ host: "nz", number: 1 }, CONDEMNATION);

    expect(() => history.pinGeneration({ host: "nz", number: 1 })).toThrow(CONFLICT);
    expect(() => history.unpinGeneration({ host: "nz", number: 2 })).toThrow(UNKNOWN);
  });
});

describe("condemnedGenerations", () => {
  it("lists what is condemned and not deleted, the first condemned first", () => {
    for (const toplevel of ["/nix/store/a", "/nix/store/b", "/nix/store/c"]) {
      publish(history, { run, host: "nz", toplevel });
    }
    history.condemnGeneration({ host: "nz", number: 1 }, { ...CONDEMNATION, at: minutesLater(2) });
    history.condemnGeneration({ host: "nz", number: 2 }, { ...CONDEMNATION, at: minutesLater(1) });
    const condemned = history.condemnedGenerations();

    history.recordDeletion({ host: "nz", number: 2 }, minutesLater(3));

    expect(condemned.map(({ number }) => number)).toEqual([2, 1]);
    expect(history.condemnedGenerations().map(({ number }) => number)).toEqual([1]);
  });
});

describe("recordLink", () => {
  it("keeps the first time", () => {
    const key = { host: "nz", number: publish(history, { run, host: "nz", toplevel: "/nix/store/a" }) };

    for (const minutes of [1, 2]) history.recordLink(key, minutesLater(minutes));

    expect(history.generation("nz", 1)?.linkedAt).toEqual(minutesLater(1));
  });
});

describe("markLost and clearLost", () => {
  it("keep the first time until the paths are there again", () => {
    const key = { host: "nz", number: publish(history, { run, host: "nz", toplevel: "/nix/store/a" }) };

    for (const minutes of [1, 2]) history.markLost(key, minutesLater(minutes));
    const lost = history.generation("nz", 1);
    history.clearLost(key);

    expect(lost?.lostAt).toEqual(minutesLater(1));
    expect(history.generation("nz", 1)).not.toHaveProperty("lostAt");
  });

  it("hold until the generation is published anew", () => {
    const key = { host: "nz", number: publish(history, { run, host: "nz", toplevel: "/nix/store/a" }) };
    history.markLost(key, NOW);

    publish(history, { run, host: "nz", toplevel: "/nix/store/a" });

    expect(history.generation("nz", 1)).not.toHaveProperty("lostAt");
  });
});

describe("a mark", () => {
  it("is refused for a generation that is not recorded, and without a valid time or number", () => {
    const key = { host: "nz", number: 1 };

    expect(() => history.recordLink(key, NOW)).toThrow(UNKNOWN);
    expect(() => history.markLost(key, NOW)).toThrow(UNKNOWN);
    expect(() => history.clearLost(key)).toThrow(UNKNOWN);
    expect(() => history.recordLink(key, new Date(Number.NaN))).toThrow(RangeError);
    expect(() => history.condemnGeneration(key, { ...CONDEMNATION, plannedBytes: -1 })).toThrow(RangeError);
    expect(() => history.clearLost({ host: "nz", number: 0 })).toThrow(RangeError);
  });
});
