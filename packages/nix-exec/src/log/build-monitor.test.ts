import { describe, expect, it } from "vitest";

import { formatRecord, parseLines, readLogFixture, watchEvents } from "../../test/log-fixtures.ts";
import { createBuildMonitor } from "./build-monitor.ts";
import type { BuildSnapshot } from "./build-snapshot.ts";

const VERSIONS = ["2.8.0", "2.26.3", "2.34.8"];
const NOW = new Date(0);

async function watchFixture(name: string): Promise<readonly BuildSnapshot[]> {
  return watchEvents(parseLines(await readLogFixture(name)));
}

function namesOf(items: readonly { readonly name: string }[]): readonly string[] {
  return items.map(({ name }) => name).toSorted();
}

/** Every set of names that a list held at some moment. */
function groupsOf(snapshots: readonly BuildSnapshot[], list: "builds" | "transfers"): readonly string[] {
  return [...new Set(snapshots.map((snapshot) => namesOf(snapshot[list]).join(" ")))];
}

describe.each(VERSIONS)("createBuildMonitor with logs of Nix %s", (version) => {
  it("shows builds side by side, each with its phase and last line", async () => {
    const snapshots = await watchFixture(`nix-${version}-parallel`);

    expect(groupsOf(snapshots, "builds")).toContain("left right");
    expect(snapshots.flatMap(({ builds }) => builds)).toContainEqual({
      drvPath: expect.stringMatching(/^\/srv\/example\/store\/.{32}-left\.drv$/),
      name: "left",
      machine: "",
      since: expect.any(Date),
      phase: "buildPhase",
      lastLine: "compiling left",
    });
    expect(snapshots.at(-1)).toMatchObject({
      builds: [],
      failed: [],
      counts: { builds: { done: 3, expected: 3 } },
    });
    expect(namesOf(snapshots.at(-1)?.built ?? [])).toEqual(["left", "pair", "right"]);
  });

  it("tells what failed from what was built", async () => {
    const last = (await watchFixture(`nix-${version}-failures`)).at(-1);

    expect(last?.failed.map(({ name, reason }) => [name, reason])).toEqual([
      ["boom", "builder"],
      ["slow", "timeout"],
    ]);
    expect(namesOf(last?.built ?? [])).toEqual(["quick"]);
    expect(last?.counts.builds).toEqual({ done: 1, expected: 1, running: 0, failed: 2 });
  });

  it.each(["substitute-file", "substitute-http"])("shows one transfer a store path in %s", async (name) => {
    const snapshots = await watchFixture(`nix-${version}-${name}`);
    const transfers = snapshots.flatMap((snapshot) => snapshot.transfers);
    const paths = transfers.filter(({ type }) => type === "store-path");
    const files = transfers.filter(({ type }) => type === "file");

    expect([...new Set(namesOf(paths))]).toEqual(["big", "small", "top"]);
    expect(Math.max(...snapshots.map((snapshot) => snapshot.transfers.length))).toBeLessThanOrEqual(2);
    expect(files.filter(({ name: file }) => file !== "nix-cache-info")).toEqual([]);
    expect(paths).toContainEqual(
      expect.objectContaining({ name: "big", doneBytes: 393216, expectedBytes: 400112, to: "" }),
    );
    expect(new Set(paths.map(({ from }) => from)).size).toBe(1);
  });

  it.each(["substitute-file", "substitute-http"])("counts store paths and bytes in %s", async (name) => {
    const snapshots = await watchFixture(`nix-${version}-${name}`);
    const copied = snapshots.map(({ bytes }) => bytes.copied);
    const last = snapshots.at(-1);

    expect(copied.map(({ expected }) => expected)).toContain(400464);
    expect(copied.filter(({ done, expected }) => done > expected)).toEqual([]);
    // Until 2.26 at least, Nix tells only of whole pieces of 64 KiB.
    expect(last?.bytes.copied.done).toBe(version === "2.34.8" ? 400464 : 393216);
    expect(last?.counts.transfers).toEqual({ done: 3, expected: 3, running: 0, failed: 0 });
    expect(namesOf(last?.transferred ?? [])).toEqual(["big", "small", "top"]);
  });
});

describe("createBuildMonitor", () => {
  it("counts what is downloaded apart from what is copied", async () => {
    const { bytes } = (await watchFixture("nix-2.34.8-substitute-http")).at(-1) ?? {};

    expect(bytes).toEqual({
      copied: { done: 400464, expected: 400464 },
      downloaded: { done: 401805, expected: 401805 },
    });
  });

  it("follows Determinate Nix, which says how each build ended", async () => {
    const last = (await watchFixture("derived-determinate-failures")).at(-1);

    expect(last?.failed.map(({ name, reason }) => [name, reason])).toEqual([
      ["bad", "builder"],
      ["fixed", "hash-mismatch"],
    ]);
    expect(namesOf(last?.built ?? [])).toEqual(["good"]);
    expect(last?.transferred).toMatchObject([{ name: "tool-1.2", bytes: 120 }]);
  });

  it("follows Lix, with what waits for a machine and what another machine builds", async () => {
    const snapshots = await watchFixture("derived-lix-remote-failure");

    expect(snapshots.flatMap(({ waiting }) => waiting)).toContainEqual({
      text: expect.stringMatching(/^waiting for a machine to build '.*-good\.drv'$/),
      since: expect.any(Date),
    });
    expect(snapshots.flatMap(({ builds }) => builds)).toContainEqual(
      expect.objectContaining({ name: "good", machine: "ssh://builder@example.org", phase: "buildPhase" }),
    );
    expect(snapshots.at(-1)).toMatchObject({
      waiting: [],
      failed: [{ name: "bad" }],
      built: [{ name: "good" }],
    });
  });

  it("leaves a snapshot as it was taken, and takes a new one only after an event", () => {
    const monitor = createBuildMonitor();
    const drvPath = "/nix/store/00000000000000000000000000000000-a.drv";
    const [start, line] = parseLines([
      formatRecord({ action: "start", id: 1, level: 3, type: 105, text: "", fields: [drvPath, "", 1, 1] }),
      formatRecord({ action: "result", id: 1, type: 101, fields: ["one\ntwo\n"] }),
    ]);
    if (start !== undefined) monitor.add(start, NOW);
    const before = monitor.snapshot();
    const same = monitor.snapshot();
    if (line !== undefined) monitor.add(line, NOW);

    expect(same).toBe(before);
    expect(before.builds).toEqual([{ drvPath, name: "a", machine: "", since: NOW }]);
    expect(monitor.snapshot().builds).toEqual([{ ...before.builds[0], lastLine: "two" }]);
  });

  it("adds up commands within a command, as import from derivation makes them", () => {
    const realise = (id: number, done: number): readonly string[] => [
      formatRecord({ action: "start", id, level: 0, type: 104, text: "" }),
      formatRecord({ action: "result", id, type: 105, fields: [done, 5, 1, 0] }),
    ];
    const events = parseLines([...realise(1, 4), formatRecord({ action: "stop", id: 1 }), ...realise(2, 0)]);

    expect(watchEvents(events).at(-1)?.counts.builds).toEqual({
      done: 4,
      expected: 9,
      running: 1,
      failed: 0,
    });
  });

  it("does not count a copy within a copy twice", () => {
    const copy = (id: number, parent: number): readonly string[] => [
      formatRecord({
        action: "start",
        id,
        parent,
        level: 0,
        type: 100,
        text: "",
        fields: ["/s/a", "x", "y"],
      }),
      formatRecord({ action: "result", id, type: 105, fields: [10, 20, 0, 0] }),
    ];

    expect(watchEvents(parseLines([...copy(1, 0), ...copy(2, 1)])).at(-1)).toMatchObject({
      transfers: [{ source: "/s/a", from: "x", to: "y", doneBytes: 10 }],
      bytes: { copied: { done: 10, expected: 20 } },
    });
  });

  it("takes a file from another host for part of the copy that names it", () => {
    const start = { action: "start", level: 0, text: "" };
    const events = parseLines([
      formatRecord({ ...start, id: 1, type: 100, fields: ["/s/a", "https://a.example.org", "local"] }),
      formatRecord({ ...start, id: 2, parent: 1, type: 101, fields: ["https://b.example.org/nar/a"] }),
      formatRecord({ ...start, id: 3, type: 101, fields: ["https://b.example.org/source.tar?x=/y"] }),
    ]);

    expect(watchEvents(events).at(-1)?.transfers).toMatchObject([
      { type: "store-path", name: "a" },
      { type: "file", name: "source.tar" },
    ]);
  });

  it("expects no more of copies within copies, and more of those that follow", () => {
    const copies = (id: number, parent: number, expected: number): readonly string[] => [
      formatRecord({ action: "start", id, parent, level: 0, type: 103, text: "" }),
      formatRecord({ action: "result", id, type: 106, fields: [100, expected] }),
    ];
    const copy = [
      formatRecord({ action: "start", id: 9, level: 0, type: 100, text: "", fields: ["/s/a", "x", "y"] }),
      formatRecord({ action: "result", id: 9, type: 105, fields: [30, 30, 0, 0] }),
      formatRecord({ action: "stop", id: 1 }),
    ];
    const events = parseLines([...copies(1, 0, 30), ...copies(2, 1, 25), ...copy, ...copies(3, 0, 50)]);
    const copied = watchEvents(events).map(({ bytes }) => bytes.copied.expected);

    expect([copied[3], copied.at(-1)]).toEqual([30, 80]);
  });

  it("takes an id that starts again for a new activity", () => {
    const build = (name: string): string =>
      formatRecord({
        action: "start",
        id: 1,
        level: 3,
        type: 105,
        text: "",
        fields: [`/s/0-${name}.drv`, ""],
      });

    expect(watchEvents(parseLines([build("a"), build("b")])).at(-1)).toMatchObject({
      builds: [{ name: "b" }],
      built: [{ name: "a" }],
    });
  });
});
