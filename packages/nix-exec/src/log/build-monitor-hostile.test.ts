import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createBuildLog } from "./build-log.ts";
import { createBuildMonitor } from "./build-monitor.ts";
import type { Activity, LogEvent } from "./event.ts";

const NOW = new Date(0);
const MEBIBYTE = "x".repeat(1024 * 1024);

function startOf(id: number, activity: Activity): LogEvent {
  return { type: "start", id: String(id), level: 3, text: MEBIBYTE, activity };
}

function buildOf(id: number): LogEvent {
  return startOf(id, { type: "build", drvPath: `/nix/store/${"0".repeat(32)}-x${id}.drv`, machine: "" });
}

function failureOf(id: number, words: string): LogEvent {
  return { type: "message", level: 0, text: `error: builder for '/nix/store/h-x${id}.drv' ${words}` };
}

const ids = fc.integer({ min: 1, max: 6 }).map(String);
const counts = fc.constantFrom(0, 1, 5, Number.MAX_SAFE_INTEGER);
const path = fc.constantFrom("", "/nix/store/0-a.drv", "/nix/store/0-b", "x");
const uris = fc.constantFrom("", "https://a.example.org/x", "local");
const activities: fc.Arbitrary<Activity> = fc.oneof(
  fc.record({ type: fc.constant("build" as const), drvPath: path, machine: uris }),
  fc.record({ type: fc.constant("copy-path" as const), storePath: path, from: uris, to: uris }),
  fc.record({ type: fc.constant("substitute" as const), storePath: path, substituter: uris }),
  fc.record({ type: fc.constant("query-path-info" as const), storePath: path, uri: uris }),
  fc.record({ type: fc.constant("file-transfer" as const), uri: uris }),
  fc
    .constantFrom("realise", "builds", "copy-paths", "build-waiting", "other")
    .map((type) => ({ type }) as const),
);
/** Events in an order that no Nix would give them: parents in circles, ids twice, stops of nothing. */
const events: fc.Arbitrary<LogEvent> = fc.oneof(
  fc.record({
    type: fc.constant("start" as const),
    id: ids,
    parent: ids,
    level: counts,
    text: path,
    activity: activities,
  }),
  fc.record({ type: fc.constant("stop" as const), id: ids }),
  fc.record({ type: fc.constant("build-log-line" as const), id: ids, line: path }),
  fc.record({
    type: fc.constant("progress" as const),
    id: ids,
    done: counts,
    expected: counts,
    running: counts,
    failed: counts,
  }),
  fc.record({
    type: fc.constant("expected" as const),
    id: ids,
    activityType: activities.map(({ type }) => type),
    expected: counts,
  }),
);

describe("createBuildMonitor with a hostile log", () => {
  it("keeps its numbers in order, whatever the events", () => {
    fc.assert(
      fc.property(fc.array(events, { maxLength: 60 }), (log) => {
        const monitor = createBuildMonitor();
        for (const event of log) monitor.add(event, NOW);
        const { bytes, counts: items } = monitor.snapshot();
        const all = [bytes.copied, bytes.downloaded, items.builds, items.transfers];

        expect(all.filter(({ done, expected }) => !(done >= 0 && expected >= done))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it("shows nothing under way once everything has stopped", () => {
    fc.assert(
      fc.property(fc.array(events, { maxLength: 60 }), (log) => {
        const monitor = createBuildMonitor();
        const stops = ["1", "2", "3", "4", "5", "6"].map((id): LogEvent => ({ type: "stop", id }));
        for (const event of [...log, ...stops]) monitor.add(event, NOW);

        expect(monitor.snapshot()).toMatchObject({ builds: [], transfers: [], waiting: [] });
      }),
    );
  });

  it("follows the newest 10,000 of builds that never stop, and keeps counting", () => {
    const monitor = createBuildMonitor();
    monitor.add(startOf(1, { type: "builds" }), NOW);
    for (let id = 2; id < 50_000; id += 1) monitor.add(buildOf(id), NOW);
    monitor.add({ type: "progress", id: "1", done: 3, expected: 9, running: 4, failed: 0 }, NOW);
    const { builds, built, counts: items } = monitor.snapshot();

    expect(builds.length).toBeGreaterThan(8999);
    expect(builds.length).toBeLessThanOrEqual(10_000);
    expect(builds.at(-1)?.name).toBe("x49999");
    expect(built).toHaveLength(1000);
    expect(items.builds).toEqual({ done: 3, expected: 9, running: 4, failed: 0 });
  });

  it("cuts endless names, lines and messages", () => {
    const monitor = createBuildMonitor();
    monitor.add(startOf(1, { type: "build", drvPath: MEBIBYTE, machine: MEBIBYTE }), NOW);
    monitor.add({ type: "build-log-line", id: "1", line: `${MEBIBYTE}\n${MEBIBYTE}` }, NOW);
    monitor.add({ type: "phase", id: "1", phase: MEBIBYTE }, NOW);
    monitor.add(startOf(2, { type: "copy-path", storePath: MEBIBYTE, from: MEBIBYTE, to: MEBIBYTE }), NOW);
    monitor.add(startOf(3, { type: "file-transfer", uri: MEBIBYTE }), NOW);
    monitor.add(startOf(4, { type: "build-waiting" }), NOW);
    monitor.add(failureOf(1, MEBIBYTE), NOW);

    expect(JSON.stringify(monitor.snapshot()).length).toBeLessThan(20 * 4096);
    expect(monitor.snapshot().failed[0]?.message).toHaveLength(16_384);
  });

  it("lists at most the newest 1000 failures, as the log of a build does", () => {
    const monitor = createBuildMonitor();
    const log = createBuildLog();
    for (let id = 0; id < 1500; id += 1) {
      monitor.add(failureOf(id, "failed"), NOW);
      log.add(failureOf(id, "failed"));
    }

    expect(monitor.snapshot().failed.length).toBeLessThanOrEqual(1000);
    expect(monitor.snapshot().failed.at(-1)?.name).toBe("x1499");
    expect(log.failures().map(({ drvPath }) => drvPath)).toEqual(
      monitor.snapshot().failed.map(({ drvPath }) => drvPath),
    );
  });
});
