import { execFileSync } from "node:child_process";
import { chmod, link, mkdir, symlink, writeFile } from "node:fs/promises";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { arbitraryEvents } from "../../test/arbitrary-events.ts";
import { collectBytes } from "../../test/bytes.ts";
import { dumpWithNix, restoreWithNix } from "../../test/nix-store.ts";
import { createTempDir } from "../../test/temp-dir.ts";
import type { TempDir } from "../../test/temp-dir.ts";
import { VALID_VECTORS, readFixture } from "../../test/vectors.ts";
import { encodeNar } from "../encode.ts";
import { dumpPath } from "./dump.ts";
import { restorePath } from "./restore.ts";

const RUNS = 15;

/** What find tells about a tree: path, type, mode, size, target. */
function describeTree(path: string): string[] {
  const listed = execFileSync("find", [path, "-printf", "%P|%y|%m|%s|%l\\n"], { encoding: "latin1" });
  // The size of a directory is the file system's own affair.
  return listed.split("\n").map((line) => line.replace(/\|d\|(\d+)\|\d+/, "|d|$1"));
}

/** Makes a tree with everything that a NAR may hold. */
async function makeMixedTree(temp: TempDir): Promise<void> {
  await mkdir(temp.at("tree/empty"), { recursive: true });
  await mkdir(temp.at("tree/sub/deeper"), { recursive: true });
  await writeFile(temp.at("tree/sub/script"), "#!/bin/sh\n", { mode: 0o755 });
  await writeFile(temp.at("tree/sub/group"), "x");
  await chmod(temp.at("tree/sub/group"), 0o655);
  await writeFile(temp.at("tree/large"), Buffer.alloc(1_500_001, "0123456789"));
  await writeFile(temp.at("tree/\uffff"), "");
  await writeFile(temp.at("tree/\u{1f600}"), "");
  await writeFile(Buffer.concat([Buffer.from(temp.at("tree/")), Buffer.of(0xff, 0xfe)]), "");
  await symlink("../nowhere", temp.at("tree/sub/deeper/link"));
  await link(temp.at("tree/large"), temp.at("tree/sub/hard"));
  for (let i = 0; i < 100; i++) await writeFile(temp.at(`tree/sub/deeper/${i}`), Buffer.alloc(i * 700, i));
}

describe("dumpPath and nix-store --dump", () => {
  it("write the same bytes of a mixed tree", async () => {
    await using temp = await createTempDir();
    await makeMixedTree(temp);

    const nar = await collectBytes(dumpPath(temp.at("tree")));

    expect(Buffer.compare(nar, await dumpWithNix(temp.at("tree"), temp))).toBe(0);
  });

  it("write the same bytes of any tree", async () => {
    await using temp = await createTempDir();
    let count = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryEvents, async (events) => {
        const path = temp.at(`tree-${count++}`);
        const nar = await collectBytes(encodeNar(events));
        restoreWithNix(nar, path, temp);

        expect(await collectBytes(dumpPath(path))).toEqual(await dumpWithNix(path, temp));
        expect(await collectBytes(dumpPath(path))).toEqual(nar);
      }),
      { numRuns: RUNS },
    );
  });
});

describe("restorePath and nix-store --restore", () => {
  it.each(VALID_VECTORS)("make the same tree of $id", async ({ file }) => {
    await using temp = await createTempDir();
    const nar = readFixture(file);

    await restorePath([nar], temp.at("ours"));
    restoreWithNix(nar, temp.at("theirs"), temp);

    expect(describeTree(temp.at("ours"))).toEqual(describeTree(temp.at("theirs")));
  });

  it("make the same tree of a mixed one", async () => {
    await using temp = await createTempDir();
    await makeMixedTree(temp);
    const nar = await dumpWithNix(temp.at("tree"), temp);

    await restorePath([nar], temp.at("ours"));
    restoreWithNix(nar, temp.at("theirs"), temp);

    expect(describeTree(temp.at("ours"))).toEqual(describeTree(temp.at("theirs")));
  });
});
