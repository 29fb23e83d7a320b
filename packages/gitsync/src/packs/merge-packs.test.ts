import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { addPack, createBare, createHistory, listObjects, listPackFiles } from "../../test/packs.ts";
import { environment, makeTempDir, runGit } from "../../test/repository.ts";
import { checkObjectStore, formatPackList, listPacks } from "../repository/object-store.ts";
import { mergePacks } from "./merge-packs.ts";

let root = "";
let gitDir = "";
let objects: readonly string[] = [];

/** A repository with three packs, of which any two share objects, as a sync leaves it. */
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "gitsync-merge-packs-"));
  const history = join(root, "history");
  createHistory(history, 6);
  gitDir = createBare(join(root, "bare"));
  runGit(
    history,
    "push",
    "--quiet",
    "--receive-pack=git -c receive.unpackLimit=100000 receive-pack",
    gitDir,
    "main",
  );
  rmSync(join(gitDir, "objects"), { recursive: true });
  cpSync(join(createBare(join(root, "empty")), "objects"), join(gitDir, "objects"), { recursive: true });
  objects = listObjects(history);
  for (const third of [0, 1, 2]) {
    addPack(history, gitDir, { oids: objects.filter((_, nth) => nth % 3 !== third), hasOffsetDeltas: true });
  }
  writeFileSync(join(gitDir, "objects/info/packs"), formatPackList(await listPacks(gitDir)));
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

function copyRepository(): string {
  const copy = join(makeTempDir(), "copy");
  cpSync(gitDir, copy, { recursive: true });
  return copy;
}

/** Merges all packs in a process that meets its fate at its n-th change to the file system; 0 if it ended before that. */
function mergeUntil(copy: string, fate: "kill" | "fail", nth: number): unknown {
  const script = fileURLToPath(new URL("../../test/merge-once.ts", import.meta.url));
  const { signal, status } = spawnSync(process.execPath, [script, copy, fate, String(nth)], {
    env: environment,
  });
  return signal ?? status;
}

/** What the real git and the next sync see of a repository. */
async function inspect(copy: string): Promise<unknown> {
  await checkObjectStore(copy);
  return { objects: listObjects(copy), fsck: runGit(copy, "fsck", "--full", "--strict") };
}

describe("mergePacks", () => {
  it("leaves one pack and nothing else, which the list of packs names", async () => {
    const copy = copyRepository();

    await mergePacks(copy, await listPacks(copy));

    const [name = ""] = await listPacks(copy);
    expect(listPackFiles(copy)).toStrictEqual([name.replace(/pack$/, "idx"), name]);
    expect(readFileSync(join(copy, "objects/info/packs"), "utf8")).toBe(`P ${name}\n\n`);
    expect(await inspect(copy)).toStrictEqual({ objects, fsck: "" });
  });

  it("leaves packs alone that it is not given", async () => {
    const copy = copyRepository();
    const [first = "", ...others] = await listPacks(copy);

    await mergePacks(copy, others);

    const packs = await listPacks(copy);
    expect(packs).toContain(first);
    expect(packs).toHaveLength(2);
    expect(await inspect(copy)).toStrictEqual({ objects, fsck: "" });
  });

  it("keeps the one pack that holds what the others do", async () => {
    const copy = copyRepository();
    const whole = addPack(copy, copy, { oids: objects, hasOffsetDeltas: true });
    const others = (await listPacks(copy)).filter((name) => name !== whole);

    await mergePacks(copy, [whole, ...others]);

    expect(await listPacks(copy)).toStrictEqual([whole]);
    expect(await inspect(copy)).toStrictEqual({ objects, fsck: "" });
  });

  it("loses nothing when it is killed, whatever it is doing, and can be done again", async () => {
    const states = new Set<string>();
    let outcome: unknown;
    for (let nth = 1; outcome !== 0; nth += 1) {
      const copy = copyRepository();

      outcome = mergeUntil(copy, "kill", nth);

      expect(["SIGKILL", 0]).toContain(outcome);
      expect(await inspect(copy)).toStrictEqual({ objects, fsck: "" });
      states.add(listPackFiles(copy).join(" "));
      await mergePacks(copy, await listPacks(copy));
      expect(await listPacks(copy)).toHaveLength(1);
      expect(await inspect(copy)).toStrictEqual({ objects, fsck: "" });
    }
    expect(states.size).toBeGreaterThan(5);
  }, 180_000);

  it("loses nothing when the disk is full, whatever it is doing, and leaves no temporary file", async () => {
    let outcome: unknown;
    for (let nth = 1; outcome !== 0; nth += 1) {
      const copy = copyRepository();

      outcome = mergeUntil(copy, "fail", nth);

      expect([1, 0]).toContain(outcome);
      expect(await inspect(copy)).toStrictEqual({ objects, fsck: "" });
      const indexed = new Set([...(await listPacks(gitDir)), ...(await listPacks(copy))]);
      const left = listPackFiles(copy).filter((name) => !indexed.has(name.replace(/idx$/, "pack")));
      expect(left).toStrictEqual([]);
    }
  }, 180_000);

  it("serves a git that reads meanwhile", async () => {
    const copy = copyRepository();
    const reader = spawn("git", ["cat-file", "--batch"], { cwd: copy, env: environment });
    const output = text(reader.stdout);
    // It has opened the old packs by the time that it answers.
    reader.stdin.write(`${objects[0]}\n`);
    await once(reader.stdout, "readable");

    await mergePacks(copy, await listPacks(copy));

    const exit = once(reader, "exit");
    reader.stdin.end(`${objects.join("\n")}\n`);
    expect(await output).not.toMatch(/ missing$/m);
    expect(await exit).toStrictEqual([0, null]);
  });
});
