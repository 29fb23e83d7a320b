import { describe, expect, it } from "vitest";

import { isGone } from "../test/processes.ts";
import { runShell } from "../test/run-shell.ts";

describe("runProcess with a process that does not behave", () => {
  it("kills a descendant that has left the group and ignores SIGTERM", async () => {
    const script =
      "setsid sh -c 'trap \"\" TERM; echo $$ >&2; exec >/dev/null 2>&1; while :; do sleep 1; done' & wait";
    const { result, stderr } = await runShell(script, { timeoutMs: 1000 });

    expect(result).toEqual({ type: "timed-out" });
    expect(await isGone(Number(stderr[0]))).toBe(true);
  });

  it("waits for a process that has closed its output", async () => {
    const { result } = await runShell("echo out; exec >&- 2>&-; sleep 0.3; exit 7");

    expect(result).toEqual({ type: "exited", exitCode: 7, stdout: "out\n" });
  });

  it("does not wait for one that stays in the background and holds the output", async () => {
    const { result, stderr } = await runShell("echo out; setsid sleep 300 & echo $! >&2; exit 3");
    process.kill(Number(stderr[0]), "SIGKILL");

    expect(result).toEqual({ type: "exited", exitCode: 3, stdout: "out\n" });
  });

  it("ends what stays behind in the group and holds the output", async () => {
    const { result, stderr } = await runShell("echo out; sleep 300 & echo $! >&2; exit 0");

    expect(result).toEqual({ type: "exited", exitCode: 0, stdout: "out\n" });
    expect(await isGone(Number(stderr[0]))).toBe(true);
  });

  it("takes an abort while it is ending the process after a time-out", async () => {
    const controller = new AbortController();
    const reason = new Error("stopped");
    const script = "trap 'echo ending >&2; sleep 0.3; exit 0' TERM; while :; do sleep 0.1; done";
    const onStderrLine = (line: string): void => {
      if (line === "ending") controller.abort(reason);
    };

    await expect(runShell(script, { timeoutMs: 300, signal: controller.signal, onStderrLine })).rejects.toBe(
      reason,
    );
  });

  it("cuts a line that never ends", async () => {
    const { result, stderr } = await runShell("head -c 20000000 /dev/zero | tr '\\0' x >&2");

    expect(result).toMatchObject({ type: "exited", exitCode: 0 });
    expect(stderr.map((line) => line.length)).toEqual([10 * 1024 * 1024]);
  });

  it("survives a process that dies as it starts", async () => {
    const { result } = await runShell("kill -PIPE $$");

    expect(result).toEqual({ type: "killed", signal: "SIGPIPE" });
  });

  it.each([0, -1, Number.NaN, Infinity, 2 ** 31])("refuses a time-out of %j ms", async (timeoutMs) => {
    await expect(runShell("exit 0", { timeoutMs })).rejects.toThrow(RangeError);
  });
});
