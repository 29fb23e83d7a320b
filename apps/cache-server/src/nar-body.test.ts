import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";

import { dumpPath } from "@nix-cache/nar/fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { openNarBody } from "./nar-body.ts";

/** NAR bytes of a regular file of 8 bytes: 96 before the contents, 8 of contents, 16 after them. */
const SMALL_NAR_SIZE = 120;
const LARGE_FILE_SIZE = 16 * 1024 * 1024;
const LARGE_NAR_SIZE = 96 + LARGE_FILE_SIZE + 16;

let directory: string;
let small: string;
let large: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "nar-body-"));
  small = join(directory, "small");
  large = join(directory, "large");
  writeFileSync(small, "contents");
  writeFileSync(large, "");
  truncateSync(large, LARGE_FILE_SIZE);
});

afterEach(() => rmSync(directory, { recursive: true }));

describe("openNarBody", () => {
  it("gives all the bytes", async () => {
    const body = await open(large, LARGE_NAR_SIZE);

    expect((await buffer(body)).length).toBe(LARGE_NAR_SIZE);
  });

  it("answers undefined when there is nothing", async () => {
    expect(await openNarBody(join(directory, "none"), SMALL_NAR_SIZE)).toBeUndefined();
  });

  it.each([
    ["too small", SMALL_NAR_SIZE + 8, `got ${SMALL_NAR_SIZE}`],
    ["too large", SMALL_NAR_SIZE - 8, "got more"],
  ])("fails before or at the end when the NAR is %s", async (_, narSize, message) => {
    const reading = async (): Promise<Buffer> => buffer(await open(small, narSize));

    await expect(reading()).rejects.toThrow(`expected a NAR of ${narSize} bytes, ${message}`);
  });

  it("fails when a file shrinks under it", async () => {
    const body = await open(large, LARGE_NAR_SIZE);

    truncateSync(large, 1024);

    await expect(buffer(body)).rejects.toMatchObject({ code: "ERR_NAR_FILE_CHANGED" });
  });

  it("fails when a file that it has not come to yet grows or goes", async () => {
    const tree = join(directory, "tree");
    mkdirSync(tree);
    for (let file = 100; file < 200; file++) writeFileSync(join(tree, `${file}`), Buffer.alloc(300_000));
    const narSize = (await buffer(dumpPath(tree))).length;
    const growing = await open(tree, narSize);
    const shrinking = await open(tree, narSize);

    appendFileSync(join(tree, "199"), "more");
    await expect(buffer(growing)).rejects.toThrow(`expected a NAR of ${narSize} bytes, got more`);
    rmSync(join(tree, "199"));
    await expect(buffer(shrinking)).rejects.toMatchObject({ name: "NarError" });
  });

  it("closes its files when destroyed before anything was read, and in the middle", async () => {
    const unread = await open(large, LARGE_NAR_SIZE);
    const begun = await open(large, LARGE_NAR_SIZE);
    await begun[Symbol.asyncIterator]().next();
    const during = countOpenFiles(large);

    unread.destroy();
    begun.destroy();

    expect(during).toBe(2);
    await expect.poll(() => countOpenFiles(large)).toBe(0);
  });

  it("reads no further than its reader", async () => {
    const body = await open(large, LARGE_NAR_SIZE);
    await body[Symbol.asyncIterator]().next();
    await setTimeout(100);

    expect(body.readableLength).toBeLessThan(1024 * 1024);
    body.destroy();
  });
});

async function open(path: string, narSize: number): Promise<Readable> {
  const body = await openNarBody(path, narSize);
  if (body === undefined) throw new Error(`expected a body of ${path}`);
  return body;
}

/** How many descriptors of this process are open on a file (proc(5)). */
function countOpenFiles(file: string): number {
  const targets = readdirSync("/proc/self/fd").map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      // The descriptor of the listing itself is closed by now.
      return "";
    }
  });
  return targets.filter((target) => target === file).length;
}
