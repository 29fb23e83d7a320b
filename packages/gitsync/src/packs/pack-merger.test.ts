import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { addPack, createBare, createHistory, forgePack, indexPack, listObjects } from "../../test/packs.ts";
import type { PackContents } from "../../test/packs.ts";
import { makeTempDir, runGit } from "../../test/repository.ts";
import { GitSyncError } from "../errors.ts";
import { encodePackIndex } from "./pack-index.ts";
import { writeMergedPack } from "./pack-merger.ts";

let root = "";
let history = "";
let oids: readonly string[] = [];

/** Where an index has the CRCs: behind its header and as many names as the history has. */
const findCrcs = (): number => 1032 + oids.length * 20;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "gitsync-pack-merger-"));
  history = join(root, "history");
  createHistory(history, 24);
  oids = listObjects(history);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Merges packs of these objects, and lets the real git say what came of it. */
async function merge(contents: readonly PackContents[]): Promise<Record<string, unknown>> {
  const gitDir = createBare(join(mkdtempSync(join(root, "merge-")), "bare"));
  const names = contents.map((pack) => addPack(history, gitDir, pack));
  const target = join(gitDir, "merged.pack");
  const index = await writeMergedPack(
    names.map((name) => join(gitDir, "objects/pack", name)),
    target,
  );
  writeFileSync(join(gitDir, "merged.idx"), encodePackIndex(index));
  indexPack(target, join(gitDir, "expected.idx"));
  const listing = runGit(gitDir, "verify-pack", "--verbose", target);
  return {
    index: readFileSync(join(gitDir, "merged.idx")).equals(readFileSync(join(gitDir, "expected.idx"))),
    objects: [...listing.matchAll(/^[0-9a-f]{40}/gm)].map(([oid]) => oid).toSorted(),
    hasDeltas: listing.includes("chain length"),
  };
}

/** Adds a pack with all objects to a repository without any. */
function addWholePack(hasOffsetDeltas = false): { path: string; target: string } {
  const gitDir = createBare(join(makeTempDir(), "bare"));
  const path = join(gitDir, "objects/pack", addPack(history, gitDir, { oids, hasOffsetDeltas }));
  return { path, target: join(gitDir, "merged.pack") };
}

/** Makes a delta say that it is one of an object that is not there. */
function moveBase(pack: Buffer): void {
  const places = oids.map((oid) => pack.indexOf(Buffer.from(oid, "hex"))).filter((place) => place > 0);
  const place = Math.min(...places);
  pack.fill(0, place, place + 20);
}

describe("writeMergedPack", () => {
  it("keeps each object once, in a pack with the index that the real git makes of it", async () => {
    const pack = fc.record({ oids: fc.subarray([...oids]), hasOffsetDeltas: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(pack, { minLength: 1, maxLength: 5 }), async (packs) => {
        const objects = [...new Set(packs.flatMap((contents) => contents.oids))].toSorted();

        expect(await merge(packs)).toMatchObject({ index: true, objects });
      }),
      { numRuns: 15 },
    );
  });

  it.each([[true], [false]])(
    "keeps deltas of what an earlier pack has otherwise, by offset: %s",
    async (hasOffsetDeltas) => {
      const halves = [0, 1].map((half) => ({
        oids: oids.filter((_, nth) => nth % 2 === half || nth % 3 === 0),
        hasOffsetDeltas,
      }));

      expect(await merge(halves)).toStrictEqual({ index: true, objects: oids, hasDeltas: true });
    },
  );

  it("merges packs without objects to one without objects", async () => {
    const empty = { oids: [], hasOffsetDeltas: true };

    expect(await merge([empty, empty])).toMatchObject({ index: true, objects: [] });
  });

  it.each<[string, RegExp, (pack: Buffer, idx: Buffer) => void]>([
    [
      "another byte in an object",
      /as its index says/,
      (pack) => pack.fill(0, pack.length - 24, pack.length - 20),
    ],
    ["another count", /to be whole/, (pack) => pack.writeUInt32BE(pack.readUInt32BE(8) + 1, 8)],
    ["another version", /to be whole/, (pack) => pack.writeUInt32BE(3, 4)],
    ["another CRC in its index", /as its index says/, (_, idx) => idx.fill(0, findCrcs(), findCrcs() + 4)],
    [
      "another offset in its index",
      /its index|its end/,
      (_, idx) => idx.fill(1, idx.length - 44, idx.length - 40),
    ],
    ["a delta whose base is elsewhere", /delta's base in its pack/, (pack) => moveBase(pack)],
  ])("refuses a pack with %s", async (_name, message, change) => {
    const { path, target } = addWholePack();
    forgePack(path, change);

    const outcome = writeMergedPack([path], target);

    await expect(outcome).rejects.toBeInstanceOf(GitSyncError);
    await expect(outcome).rejects.toThrow(message);
  });

  it("refuses a pack that was cut", async () => {
    const { path, target } = addWholePack();
    chmodSync(path, 0o644);
    truncateSync(path, statSync(path).size - 1);

    await expect(writeMergedPack([path], target)).rejects.toBeInstanceOf(GitSyncError);
  });

  it("refuses the index of another pack", async () => {
    const { path, target } = addWholePack();
    const other = addWholePack(true);
    cpSync(other.path.replace(/pack$/, "idx"), path.replace(/pack$/, "idx"), { force: true });

    await expect(writeMergedPack([path], target)).rejects.toBeInstanceOf(GitSyncError);
  });

  it("stops where it is when the caller gives up", async () => {
    const { path, target } = addWholePack();
    const reason = new Error("shutting down");

    const outcome = writeMergedPack([path], target, AbortSignal.abort(reason));

    await expect(outcome).rejects.toBe(reason);
  });
});
