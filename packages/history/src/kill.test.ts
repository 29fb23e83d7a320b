import { once } from "node:events";
import { DatabaseSync } from "node:sqlite";
import { setTimeout } from "node:timers/promises";

import { describe, expect, it } from "vitest";

import { startChild } from "../test/child.ts";
import { readBrokenReferences } from "../test/read-tables.ts";
import { NEW_RUN, NOW } from "../test/records.ts";
import { createTemporaryDirectory } from "../test/temporary-directory.ts";
import { openHistory, openHistorySnapshot } from "./index.ts";

describe("a history whose writer is killed", () => {
  it.each([0, 7, 31, 83, 149])("is sound and forgets no number, %i ms into the writing", async (delayMs) => {
    using directory = createTemporaryDirectory();
    const [file, snapshotFile] = [directory.file("history.sqlite"), directory.file("history.public.sqlite")];
    const child = startChild("write-forever.ts", [file, snapshotFile]);
    await once(child.process.stdout ?? child.process, "data");
    await setTimeout(delayMs);

    child.process.kill("SIGKILL");
    const { stdout, stderr } = await child.result;

    expect(stderr).toBe("");
    const lastPrinted = Math.max(...stdout.split("\n").map(Number));
    using history = openHistory(file, { now: NOW });
    expect(history.damagedFile).toBeUndefined();
    expect(history.markKilledRuns("killed").length).toBeLessThanOrEqual(1);
    expect(history.takeGenerationNumber("nz")).toBeGreaterThan(lastPrinted);
    expect(history.generations("nz").every(({ lastPublication }) => lastPublication > 0)).toBe(true);
    using db = new DatabaseSync(file);
    expect(readBrokenReferences(db)).toEqual([]);
    expect(history.startRun(NEW_RUN)).toBeDefined();
    using snapshot = openHistorySnapshot(snapshotFile);
    expect(() => snapshot.read((reader) => reader.latestRun())).not.toThrow();
    history.publishSnapshot(snapshotFile);
  });
});
