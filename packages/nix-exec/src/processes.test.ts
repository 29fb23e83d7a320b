import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { isGone } from "../test/processes.ts";
import { killIfSame, listDescendants, sendSignal } from "./processes.ts";

describe("listDescendants", () => {
  let child: ChildProcess;
  let grandchild: number;

  beforeEach(async () => {
    const started = spawn("/bin/sh", ["-c", "setsid sh -c 'echo $$; exec sleep 300' & wait"]);
    child = started;
    const [line] = await once(createInterface(started.stdout), "line");
    grandchild = Number(line);
  });
  afterEach(() => {
    sendSignal(grandchild, "SIGKILL");
    child.kill("SIGKILL");
  });

  it("finds what has left the process group", () => {
    expect(listDescendants(child.pid).map(({ pid }) => pid)).toContain(grandchild);
  });

  it("finds nothing of a process that could not be started", () => {
    expect(listDescendants(undefined)).toEqual([]);
  });

  it("gives what killIfSame kills, unless the number is another process's by now", async () => {
    const found = listDescendants(child.pid).find(({ pid }) => pid === grandchild);
    const startTime = found?.startTime ?? "";

    killIfSame({ pid: grandchild, startTime: `${startTime}0` });
    const before = listDescendants(child.pid).map(({ pid }) => pid);
    killIfSame({ pid: grandchild, startTime });

    expect(before).toContain(grandchild);
    expect(await isGone(grandchild)).toBe(true);
  });
});

describe("sendSignal", () => {
  it("takes a process that is gone for a signal that was sent", async () => {
    const child = spawn("/bin/true");
    await once(child, "exit");

    expect(() => sendSignal(child.pid ?? 0, "SIGTERM")).not.toThrow();
  });
});
