import { once } from "node:events";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

import { describe, expect, it } from "vitest";

import { startChild } from "../test/child.ts";
import { NEW_RUN, NOW, publish } from "../test/records.ts";
import { createTemporaryDirectory } from "../test/temporary-directory.ts";
import { type History, openHistory, openHistorySnapshot } from "./index.ts";
import { MIGRATIONS } from "./migrations.ts";

const REPUBLICATIONS = 200;

/** The polling reader becomes nobody where it may. */
const READER_UID = process.getuid?.() === 0 ? 65_534 : process.getuid?.();

/** Records a run with the three steps that the polling reader expects. */
function recordRun(history: History, branch: string): string {
  const run = history.startRun({ ...NEW_RUN, branch });
  for (const name of ["sync", "update", "evaluate"]) {
    history.recordStep({ run, name, startedAt: NOW, durationMs: 1, outcome: "succeeded" });
  }
  return run;
}

describe("openHistorySnapshot", () => {
  it("gives what the writer had when it published", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    const run = recordRun(history, "main");
    publish(history, { run, host: "nz", toplevel: "/nix/store/nz" });
    history.publishSnapshot(directory.file("history.public.sqlite"));
    history.finishRun(run, { status: "SUCCESS", finishedAt: NOW });

    using snapshot = openHistorySnapshot(directory.file("history.public.sqlite"));

    expect(snapshot.read((reader) => reader.latestRun()?.status)).toBe("RUNNING");
    expect(snapshot.read((reader) => reader.newestGenerations())).toEqual(history.newestGenerations());
  });

  it("has no answer until the first snapshot is there, and again once it is gone", () => {
    using directory = createTemporaryDirectory();
    const file = directory.file("history.public.sqlite");
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    using snapshot = openHistorySnapshot(file);

    const before = snapshot.read((reader) => reader.runs(1));
    history.publishSnapshot(file);
    const published = snapshot.read((reader) => reader.runs(1));
    rmSync(file);
    const after = snapshot.read((reader) => reader.runs(1));

    expect([before, published, after]).toEqual([undefined, [], undefined]);
  });

  it("turns to a new snapshot as soon as it is published", () => {
    using directory = createTemporaryDirectory();
    const file = directory.file("history.public.sqlite");
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    history.publishSnapshot(file);
    using snapshot = openHistorySnapshot(file);
    snapshot.read((reader) => reader.latestRun());
    const run = recordRun(history, "main");

    history.publishSnapshot(file);

    expect(snapshot.read((reader) => reader.latestRun()?.id)).toBe(run);
  });

  it("may be asked again after it was closed", () => {
    using directory = createTemporaryDirectory();
    const file = directory.file("history.public.sqlite");
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    history.publishSnapshot(file);
    using snapshot = openHistorySnapshot(file);

    snapshot.close();

    expect(snapshot.read((reader) => reader.runs(1))).toEqual([]);
  });

  it("passes on what the query throws", () => {
    using directory = createTemporaryDirectory();
    const file = directory.file("history.public.sqlite");
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    history.publishSnapshot(file);
    using snapshot = openHistorySnapshot(file);

    expect(() => snapshot.read((reader) => reader.runs(-1))).toThrow(RangeError);
  });

  it("reports a file that is no snapshot, and recovers with the next", () => {
    using directory = createTemporaryDirectory();
    const file = directory.file("history.public.sqlite");
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    using snapshot = openHistorySnapshot(file);
    writeFileSync(file, "this is no database".repeat(100));

    expect(() => snapshot.read((reader) => reader.runs(1))).toThrow(
      expect.objectContaining({ name: "HistoryError", code: "ERR_HISTORY_DAMAGED" }),
    );
    history.publishSnapshot(file);
    expect(snapshot.read((reader) => reader.runs(1))).toEqual([]);
  });

  it.each([MIGRATIONS.length - 1, 4711])("refuses a snapshot of version %i", (version) => {
    using directory = createTemporaryDirectory();
    const file = directory.file("history.public.sqlite");
    const other = new DatabaseSync(file);
    other.exec(`PRAGMA user_version = ${version}`);
    other.close();
    using snapshot = openHistorySnapshot(file);

    expect(() => snapshot.read((reader) => reader.runs(1))).toThrow(
      expect.objectContaining({
        code: "ERR_HISTORY_VERSION",
        message: `expected a snapshot with schema version ${MIGRATIONS.length}, got ${version}`,
      }),
    );
  });

  it("needs no right but to read the file, and leaves nothing beside it", async () => {
    using directory = createTemporaryDirectory();
    using publicDirectory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    recordRun(history, "last");
    history.publishSnapshot(publicDirectory.file("history.sqlite"));
    chmodSync(publicDirectory.path, 0o555);

    const { exitCode, stderr } = await startChild("poll-snapshot.ts", [
      publicDirectory.file("history.sqlite"),
    ]).result;

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(readdirSync(publicDirectory.path)).toEqual(["history.sqlite"]);
  });
});

describe("publishSnapshot", () => {
  it("leaves a file for all to read, without write-ahead logging, and nothing beside it", () => {
    using directory = createTemporaryDirectory();
    mkdirSync(directory.file("public"));
    const file = directory.file("public/history.sqlite");
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    writeFileSync(`${file}.tmp`, "left by a killed writer");

    history.publishSnapshot(file);

    expect(statSync(file).mode & 0o777).toBe(0o644);
    // Bytes 18 and 19 are 1 for rollback journals, 2 for WAL: https://sqlite.org/fileformat2.html
    expect([...readFileSync(file).subarray(18, 20)]).toEqual([1, 1]);
    expect(readdirSync(directory.file("public"))).toEqual(["history.sqlite"]);
  });

  it("says so where the snapshot cannot be written, and leaves the old one", () => {
    using directory = createTemporaryDirectory();
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    mkdirSync(directory.file("occupied"));

    expect(() => history.publishSnapshot(directory.file("occupied"))).toThrow(
      expect.objectContaining({ name: "HistoryError", code: "ERR_HISTORY_IO" }),
    );
    expect(() => history.publishSnapshot(directory.file("none/history.sqlite"))).toThrow(
      expect.objectContaining({ code: "ERR_HISTORY_OPEN" }),
    );
    expect(readdirSync(directory.path)).not.toContain("occupied.tmp");
  });

  it("never shows a polling reader an error or half a file", async () => {
    using directory = createTemporaryDirectory();
    const file = directory.file("history.public.sqlite");
    using history = openHistory(directory.file("history.sqlite"), { now: NOW });
    const reader = startChild("poll-snapshot.ts", [file]);
    await once(reader.process.stdout ?? reader.process, "data");

    for (let count = 1; count <= REPUBLICATIONS; count++) {
      recordRun(history, count === REPUBLICATIONS ? "last" : "main");
      history.publishSnapshot(file);
    }

    const { exitCode, stdout, stderr } = await reader.result;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const report: unknown = JSON.parse(stdout.replace("ready\n", ""));
    expect(report).toEqual({ uid: READER_UID, reads: expect.any(Number), runs: expect.any(Number) });
    expect(report).not.toMatchObject({ runs: 1 });
  });
});
