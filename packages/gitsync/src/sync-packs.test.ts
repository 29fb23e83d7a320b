import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { describe, expect, it } from "vitest";

import { listObjects, listPackFiles } from "../test/packs.ts";
import {
  commitAll,
  createUpstream,
  inspectCheckout,
  inspectUpstream,
  makeOptions,
  makeTempDir,
  runGit,
  writeFiles,
} from "../test/repository.ts";
import { runSync, startSync } from "../test/start-sync.ts";
import { MAX_PACKS } from "./packs/pack-limit.ts";
import { listPacks } from "./repository/object-store.ts";
import { syncRepository } from "./sync-repository.ts";

/** Syncs once for each of so many commits; no part of what they bring compresses. */
async function follow(upstream: string, directory: string, commits: number): Promise<number[]> {
  const counts: number[] = [];
  for (let nth = 0; nth < commits; nth += 1) {
    writeFiles(upstream, {
      "log.txt": `${readFileSync(join(upstream, "log.txt"), "utf8")}${nth} ${"entry ".repeat(9)}\n`,
      [`dir-${nth % 7}/noise.txt`]: randomBytes(20_000).toString("hex"),
    });
    commitAll(upstream);
    await syncRepository(makeOptions(upstream, directory));
    counts.push((await listPacks(join(directory, ".git"))).length);
  }
  return counts;
}

/** Makes an upstream, and a checkout of it that has as many packs as a sync may leave behind. */
async function createFullCheckout(): Promise<{ upstream: string; directory: string }> {
  const upstream = createUpstream({ "log.txt": "" });
  const { directory } = makeOptions(upstream);
  const counts = await follow(upstream, directory, MAX_PACKS);
  expect(counts.at(-1)).toBe(MAX_PACKS);
  writeFiles(upstream, { "news.txt": "news\n" });
  commitAll(upstream);
  return { upstream, directory };
}

describe("syncRepository, again and again", () => {
  it("keeps the number of packs bounded, and all objects", async () => {
    const upstream = createUpstream({ "log.txt": "" });
    const { directory } = makeOptions(upstream);

    const counts = await follow(upstream, directory, 60);

    expect(Math.max(...counts)).toBeLessThanOrEqual(MAX_PACKS);
    expect(inspectCheckout(directory)).toStrictEqual(inspectUpstream(upstream));
    expect(runGit(directory, "fsck", "--full", "--strict")).toBe("");
    const clone = join(makeTempDir(), "clone");
    runGit(upstream, "clone", "--quiet", "--no-local", upstream, clone);
    expect(listObjects(directory)).toStrictEqual(listObjects(clone));
  }, 180_000);

  it("succeeds where there is no room for a merged pack, leaves nothing, and merges later", async () => {
    const { upstream, directory } = await createFullCheckout();

    const outcome = await runSync(makeOptions(upstream, directory), { maxBlocks: 200 });

    expect(outcome).toStrictEqual({ revision: runGit(upstream, "rev-parse", "main") });
    expect(await listPacks(join(directory, ".git"))).toHaveLength(MAX_PACKS + 1);
    expect(listPackFiles(join(directory, ".git"))).toHaveLength(2 * (MAX_PACKS + 1));
    expect(inspectCheckout(directory)).toStrictEqual(inspectUpstream(upstream));
    await syncRepository(makeOptions(upstream, directory));
    expect((await listPacks(join(directory, ".git"))).length).toBeLessThanOrEqual(2);
    expect(inspectCheckout(directory)).toStrictEqual(inspectUpstream(upstream));
  }, 180_000);

  it("goes on where it was killed at a random moment of a sync that merges", async () => {
    const { upstream, directory } = await createFullCheckout();
    for (const delayMs of [20, 60, 90, 120, 150, 180, 210, 240]) {
      const copy = join(makeTempDir(), "copy");
      cpSync(directory, copy, { recursive: true, preserveTimestamps: true });
      const child = startSync(makeOptions(upstream, copy));
      const exit = once(child, "exit");
      await setTimeout(delayMs);
      child.kill("SIGKILL");
      await exit;

      expect(runGit(copy, "fsck", "--full", "--no-dangling")).toBe("");
      await syncRepository(makeOptions(upstream, copy));

      expect((await listPacks(join(copy, ".git"))).length).toBeLessThanOrEqual(MAX_PACKS);
      expect(inspectCheckout(copy)).toStrictEqual(inspectUpstream(upstream));
      expect(listPackFiles(join(copy, ".git")).filter((name) => name.includes("tmp"))).toStrictEqual([]);
    }
  }, 180_000);
});
