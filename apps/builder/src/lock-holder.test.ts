import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import process from "node:process";

import { describe, expect, it, onTestFinished } from "vitest";

import { formatLockHolder, parseLockHolder, readLockState } from "./lock-holder.ts";
import { withRunLock } from "./run-lock.ts";

/** Above the largest that the kernel gives. */
const NO_PROCESS = 2 ** 22 + 1;

const HOLDER = { pid: 12, command: "nix-cache-builder run", since: new Date("2026-11-22T02:00:00.000Z") };

async function lockFileForTest(text: string): Promise<string> {
  const directory = await mkdtemp(`${tmpdir()}/lock-`);
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(`${directory}/run.lock`, text);
  return `${directory}/run.lock`;
}

describe("parseLockHolder", () => {
  it("reads what formatLockHolder writes", () => {
    expect(parseLockHolder(formatLockHolder(HOLDER))).toEqual(HOLDER);
  });

  it.each([
    ["nothing", ""],
    ["a part of a record", formatLockHolder(HOLDER).slice(0, -2)],
    ["another format", '{"pid":"12"}\n'],
    ["a time that is none", formatLockHolder(HOLDER).replace("T02", "T99")],
  ])("does not take %s for an answer", (_, text) => {
    expect(parseLockHolder(text)).toBeUndefined();
  });
});

describe("readLockState", () => {
  it("knows the command that is at work", async () => {
    const file = await lockFileForTest("");

    const state = await withRunLock(file, "nix-cache-builder prune", async () => readLockState(file));

    expect(state).toMatchObject({ pid: process.pid, command: "nix-cache-builder prune", isRunning: true });
  });

  it("knows of nothing once the command has ended, however it ended", async () => {
    const file = await lockFileForTest("");
    const fail = async (): Promise<never> => {
      throw new Error("it failed");
    };

    await expect(withRunLock(file, "nix-cache-builder run", fail)).rejects.toThrow("it failed");

    expect(readLockState(file)).toBeUndefined();
    expect(await readFile(file, "utf8")).toBe("");
  });

  it("tells that a command was killed", async () => {
    const file = await lockFileForTest(formatLockHolder({ ...HOLDER, pid: NO_PROCESS }));

    expect(readLockState(file)).toEqual({ ...HOLDER, pid: NO_PROCESS, isRunning: false });
  });

  it("does not take a later process of the same number for the command", async () => {
    const longAgo = new Date("2001-01-01T00:00:00.000Z");
    const file = await lockFileForTest(formatLockHolder({ ...HOLDER, pid: process.pid, since: longAgo }));

    expect(readLockState(file)).toMatchObject({ isRunning: false });
  });

  it("knows of nothing before the first command", async () => {
    const file = await lockFileForTest("");

    expect(readLockState(`${file}.missing`)).toBeUndefined();
  });
});

describe("withRunLock", () => {
  it("tells a user who may not take it who may", async () => {
    const file = await lockFileForTest("");
    await chmod(file, 0o400);

    const taking = asNobody(() => withRunLock(file, "nix-cache-builder pin", async () => "taken"));

    await expect(taking).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(/^EACCES: .*: run this as root, or as the user whom builder.stateDir/),
    });
  });
});

/** Root may open everything: it does the first, synchronous part of the work as somebody else. */
function asNobody<Result>(work: () => Result): Result {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(65534);
  try {
    return work();
  } finally {
    process.seteuid?.(0);
  }
}
