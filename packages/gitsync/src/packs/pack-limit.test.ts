import { copyFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { addPack, createBare, createHistory, listObjects, listPackFiles } from "../../test/packs.ts";
import { makeTempDir, runGit } from "../../test/repository.ts";
import { listPacks } from "../repository/object-store.ts";
import { limitPacks, MAX_PACKS, selectPacks } from "./pack-limit.ts";

const GIB = 2 ** 30;

let root = "";

/** A repository with one pack too many, each with all objects but another one. */
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "gitsync-pack-limit-"));
  const history = join(root, "history");
  createHistory(history, 8);
  const gitDir = createBare(join(root, "bare"));
  const large = runGit(history, "rev-parse", "HEAD:noise.bin");
  const objects = listObjects(history).filter((oid) => oid !== large);
  for (let left = 0; left <= MAX_PACKS; left += 1) {
    addPack(history, gitDir, { oids: objects.filter((_, nth) => nth !== left), hasOffsetDeltas: true });
  }
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

function copyRepository(): string {
  const copy = join(makeTempDir(), "copy");
  cpSync(join(root, "bare"), copy, { recursive: true });
  return copy;
}

function makePacks(sizes: readonly number[]): { name: string; bytes: number }[] {
  return sizes.map((bytes, nth) => ({ name: `pack-${nth}.pack`, bytes }));
}

describe("limitPacks", () => {
  it("leaves packs alone that are not too many", async () => {
    const gitDir = copyRepository();
    const [first = ""] = await listPacks(gitDir);
    rmSync(join(gitDir, "objects/pack", first));
    rmSync(join(gitDir, "objects/pack", first.replace(/pack$/, "idx")));
    const before = listPackFiles(gitDir);

    await limitPacks(gitDir);

    expect(listPackFiles(gitDir)).toStrictEqual(before);
  });

  it("merges packs that are one too many, even if each shares objects with all others", async () => {
    const gitDir = copyRepository();
    const before = listObjects(gitDir);

    await limitPacks(gitDir);

    const packs = await listPacks(gitDir);
    expect(packs).toHaveLength(1);
    expect(runGit(gitDir, "verify-pack", join(gitDir, "objects/pack", packs[0] ?? ""))).toBe("");
    expect(listObjects(gitDir)).toStrictEqual(before);
  });

  it.each(["keep", "promisor", "mtimes"])("leaves a pack alone that has a .%s file", async (extension) => {
    const gitDir = copyRepository();
    const [kept = ""] = await listPacks(gitDir);
    writeFileSync(join(gitDir, "objects/pack", kept.replace(/pack$/, extension)), "");

    await limitPacks(gitDir);

    const packs = await listPacks(gitDir);
    expect(packs).toContain(kept);
    expect(packs).toHaveLength(2);
  });

  it("lets a pack be that is not what its index says", async () => {
    const gitDir = copyRepository();
    const [first = "", second = ""] = await listPacks(gitDir);
    const path = join(gitDir, "objects/pack", first.replace(/pack$/, "idx"));
    rmSync(path);
    copyFileSync(join(gitDir, "objects/pack", second.replace(/pack$/, "idx")), path);
    const before = listPackFiles(gitDir);

    await limitPacks(gitDir);

    expect(listPackFiles(gitDir)).toStrictEqual(before);
  });

  it("throws the caller's reason when the caller gives up", async () => {
    const gitDir = copyRepository();
    const before = listPackFiles(gitDir);
    const reason = new Error("shutting down");

    await expect(limitPacks(gitDir, AbortSignal.abort(reason))).rejects.toBe(reason);

    expect(listPackFiles(gitDir)).toStrictEqual(before);
  });
});

describe("selectPacks", () => {
  it.each<[string, number[], number[]]>([
    ["all that are of a size", [5, 5, 5], [5, 5, 5]],
    ["all but one that is larger than the others together", [100, 5, 6], [5, 6]],
    ["the largest too, once the others weigh as much", [100, 50, 50], [50, 50, 100]],
    ["no more than isomorphic-git can read in one pack", [1.5 * GIB, 1, 1.5 * GIB], [1, 1.5 * GIB]],
    ["nothing from nothing", [], []],
  ])("selects %s", (_name, sizes, selected) => {
    const packs = makePacks(sizes);

    const names = selectPacks(packs);

    expect(names.map((name) => packs.find((pack) => pack.name === name)?.bytes)).toStrictEqual(selected);
  });

  it("leaves no more than two packs of a repository that one pack can hold", () => {
    const sizes = fc.array(fc.integer({ min: 32, max: 2 ** 26 }), {
      minLength: MAX_PACKS + 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(sizes, (bytes) => {
        const selected = selectPacks(makePacks(bytes));

        expect(bytes.length - selected.length + 1).toBeLessThanOrEqual(2);
      }),
    );
  });
});
