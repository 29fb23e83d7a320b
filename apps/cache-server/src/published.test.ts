import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { PathInfo } from "@nix-cache/store-db";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { MULTI } from "../test/fixtures.ts";
import { createPublished, type IsPublished } from "./published.ts";

const STORE_DIR = "/nix/store";
const HOST_A = "/nix/store/00000000000000000000000000000000-host-a";
const HOST_B = "/nix/store/11111111111111111111111111111111-host-b";
const LIB_A = "/nix/store/22222222222222222222222222222222-lib-a";
const LIB_B = "/nix/store/33333333333333333333333333333333-lib-b";
const REFERENCES: Record<string, string[]> = { [HOST_A]: [LIB_A], [HOST_B]: [LIB_A, LIB_B] };

let rootsDir: string;
let valid: Set<string>;
let closures: number;

beforeEach(() => {
  rootsDir = join(mkdtempSync(join(tmpdir(), "published-")), "roots");
  valid = new Set([HOST_A, HOST_B, LIB_A, LIB_B]);
  closures = 0;
});

afterEach(() => rmSync(join(rootsDir, ".."), { recursive: true }));

describe("createPublished", () => {
  it("has nothing before the first publication, and sees that at once", () => {
    const isPublished = create();

    expect(isPublished(HOST_A)).toBe(false);
    publish("a/1", HOST_A);
    expect([HOST_A, LIB_A, HOST_B].map(isPublished)).toEqual([true, true, false]);
  });

  it("sees a generation that replaces another, and one that is removed", () => {
    publish("a/1", HOST_A);
    const isPublished = create();

    symlinkSync(HOST_B, join(rootsDir, "a/.new"));
    renameSync(join(rootsDir, "a/.new"), join(rootsDir, "a/1"));
    expect([HOST_A, HOST_B, LIB_B].map(isPublished)).toEqual([false, true, true]);
    unlinkSync(join(rootsDir, "a/1"));
    expect(isPublished(HOST_B)).toBe(false);
  });

  it("has what is in the second directory of roots, too, and sees it go", () => {
    publish("a/1", HOST_A);
    publish("../fallback/a/2", HOST_B);
    const isPublished = create();

    expect([HOST_A, HOST_B, LIB_B].map(isPublished)).toEqual([true, true, true]);
    rmSync(join(rootsDir, "..", "fallback"), { recursive: true });
    expect([HOST_A, HOST_B, LIB_B].map(isPublished)).toEqual([true, false, false]);
  });

  it("sees a host that is removed while another keeps what they share", () => {
    publish("a/1", HOST_A);
    publish("b/1", HOST_B);
    const isPublished = create();
    isPublished(HOST_A);

    rmSync(join(rootsDir, "b"), { recursive: true });

    expect([HOST_A, LIB_A, HOST_B, LIB_B].map(isPublished)).toEqual([true, true, false, false]);
  });

  it("misses no change that left the time of modification the same", () => {
    const now = new Date("2026-01-01T00:00:00Z");
    const isPublished = create(() => now);
    publish("a/1", HOST_A);
    stampAll(now);
    isPublished(HOST_A);

    publish("a/2", HOST_B);
    stampAll(now);

    expect(isPublished(HOST_B)).toBe(true);
  });

  it("reads the closure once as long as nothing changes, and looks again when something does", () => {
    publish("a/1", HOST_A);
    stampAll(new Date("2026-01-01T00:00:00Z"));
    const isPublished = create(() => new Date("2026-01-01T00:00:02Z"));

    for (let question = 0; question < 100; question++) isPublished(LIB_A);
    expect(closures).toBe(1);
    publish("a/2", HOST_B);
    expect(isPublished(LIB_B)).toBe(true);
    expect(closures).toBe(2);
  });

  it("sees a target become valid after its link was made", () => {
    valid.delete(HOST_B);
    publish("b/1", HOST_B);
    const isPublished = create();

    expect(isPublished(HOST_B)).toBe(false);
    valid.add(HOST_B);
    expect([HOST_B, LIB_B].map(isPublished)).toEqual([true, true]);
  });

  it("ignores a link to what is not valid, and serves the others", () => {
    valid.delete(HOST_B);
    publish("a/1", HOST_A);
    publish("b/1", HOST_B);
    const isPublished = create();

    expect([HOST_A, LIB_A, HOST_B, LIB_B].map(isPublished)).toEqual([true, true, false, false]);
  });

  it.each([[".staging/run-1"], [".salvage/b/1"], ["b/.new"], ["b/sub/1"], ["link"]])(
    "does not serve what %s points to",
    (name) => {
      publish(name, HOST_B);

      expect(create()(HOST_B)).toBe(false);
    },
  );

  it.each([
    ["a file below a path", `${HOST_B}/bin`],
    ["the store directory", STORE_DIR],
    ["a relative target", "../../nix/store"],
    ["another generation", "1"],
    ["another store", "/gnu/store/11111111111111111111111111111111-host-b"],
  ])("ignores a link to %s", (_, target) => {
    publish("b/1", target);

    expect(create()(HOST_B)).toBe(false);
  });

  it("ignores files and linked directories where hosts and links belong", () => {
    publish("b/1", HOST_B);
    renameSync(join(rootsDir, "b"), join(rootsDir, "..", "elsewhere"));
    symlinkSync(join(rootsDir, "..", "elsewhere"), join(rootsDir, "b"));
    writeFileSync(join(rootsDir, "file"), HOST_B);

    expect(create()(HOST_B)).toBe(false);
  });

  it("asks the database again after it failed", () => {
    publish("a/1", HOST_A);
    const isPublished = createPublished({
      ...options(),
      storeDb: { ...options().storeDb, closure: failOnce() },
    });

    expect(() => isPublished(HOST_A)).toThrow("busy");
    expect(isPublished(HOST_A)).toBe(true);
  });
});

type Options = Parameters<typeof createPublished>[0];

function create(now?: () => Date): IsPublished {
  return createPublished({ ...options(), ...(now ? { now } : {}) });
}

/** A store of four paths, kept in memory. */
function options(): Options {
  return {
    rootsDirs: [rootsDir, join(rootsDir, "..", "fallback")],
    storeDir: STORE_DIR,
    now: () => new Date(),
    storeDb: {
      pathInfo: (path): PathInfo | undefined => (valid.has(path) ? { ...MULTI.info, path } : undefined),
      closure(paths) {
        closures++;
        const starts = [...paths].filter((path) => valid.has(path));
        return starts.flatMap((path) => [path, ...(REFERENCES[path] ?? [])]);
      },
    },
  };
}

function failOnce(): Options["storeDb"]["closure"] {
  let isFirst = true;
  return (paths) => {
    if (!isFirst) return options().storeDb.closure(paths);
    isFirst = false;
    throw new Error("busy");
  };
}

function publish(name: string, target: string): void {
  mkdirSync(join(rootsDir, name, ".."), { recursive: true });
  symlinkSync(target, join(rootsDir, name));
}

/** Gives every directory the same time of modification, as a coarse clock would. */
function stampAll(time: Date): void {
  for (const directory of [rootsDir, join(rootsDir, "a")]) utimesSync(directory, time, time);
}
