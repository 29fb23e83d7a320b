import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import { isGone } from "../test/processes.ts";
import { runShell } from "../test/run-shell.ts";
import { runProcess } from "./run.ts";

describe("runProcess", () => {
  it("gives the exit status and both outputs", async () => {
    const { result, stderr } = await runShell("echo out; echo one >&2; printf two >&2; exit 3");

    expect(result).toEqual({ type: "exited", exitCode: 3, stdout: "out\n" });
    expect(stderr).toEqual(["one", "two"]);
  });

  it("passes no variable but those given, and no input", async () => {
    const { result } = await runShell("cat; exec env", { env: { PATH: "/usr/bin:/bin", A: "1" } });

    expect(result).toMatchObject({
      stdout: expect.stringMatching(/^(PATH=\/usr\/bin:\/bin\n|A=1\n|PWD=.*\n|_=.*\n|SHLVL=.*\n)*$/),
    });
  });

  it("takes arguments literally", async () => {
    const result = await runProcess({
      program: "/usr/bin/printf",
      argv: ["%s|", "$(id)", "a b", "*", ""],
      env: {},
      timeoutMs: 20_000,
      onStderrLine: () => {},
    });

    expect(result).toMatchObject({ stdout: "$(id)|a b|*||" });
  });

  it("ends the whole group on time-out", async () => {
    const { result, stderr } = await runShell("sleep 300 & echo $! >&2; wait", { timeoutMs: 300 });

    expect(result).toEqual({ type: "timed-out" });
    expect(await isGone(Number(stderr[0]))).toBe(true);
  });

  it("kills a descendant that ignores SIGTERM and keeps the output open", async () => {
    const script = "(trap '' TERM; sh -c 'echo $PPID >&2; while :; do sleep 1; done') & wait";
    const { result, stderr } = await runShell(script, { timeoutMs: 300 });

    expect(result).toEqual({ type: "timed-out" });
    expect(await isGone(Number(stderr[0]))).toBe(true);
  });

  it("kills a descendant that ignores SIGTERM and has closed its output", async () => {
    const script = "(trap '' TERM; exec >/dev/null 2>&1; while :; do sleep 1; done) & echo $! >&2; wait";
    const { result, stderr } = await runShell(script, { timeoutMs: 300 });

    expect(result).toEqual({ type: "timed-out" });
    expect(await isGone(Number(stderr[0]))).toBe(true);
  });

  it("throws the reason of an abort, and ends the group", async () => {
    const controller = new AbortController();
    const reason = new Error("stopped by the user");
    const pids: number[] = [];
    const onStderrLine = (line: string): void => {
      pids.push(Number(line));
      controller.abort(reason);
    };

    await expect(
      runShell("sleep 300 & echo $! >&2; wait", { signal: controller.signal, onStderrLine }),
    ).rejects.toBe(reason);
    expect(await isGone(pids[0] ?? 0)).toBe(true);
  });

  it("starts nothing when aborted before", async () => {
    const reason = new Error("stopped");

    await expect(runShell("exit 0", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it("stops a process that prints too much", async () => {
    const { result } = await runShell("yes", { maxStdoutBytes: 1000 });

    expect(result).toEqual({ type: "output-too-long", maxStdoutBytes: 1000 });
  });

  it("tells a process that was killed by someone else", async () => {
    const { result } = await runShell("kill -KILL $$");

    expect(result).toEqual({ type: "killed", signal: "SIGKILL" });
  });

  it("tells a program that does not exist", async () => {
    const { result } = await runShell("", { program: "/nonexistent/nix" });

    expect(result).toMatchObject({ type: "not-started", reason: "ENOENT" });
  });

  it("ends the process when the reader of its lines throws", async () => {
    const pids: number[] = [];
    const onStderrLine = (line: string): void => {
      pids.push(Number(line));
      throw new Error("disk full");
    };

    await expect(runShell("echo $$ >&2; exec sleep 300", { onStderrLine })).rejects.toThrow("disk full");
    expect(await isGone(pids[0] ?? 0)).toBe(true);
  });

  it("ends the group when this process is terminated", async () => {
    const module = fileURLToPath(new URL("run.ts", import.meta.url));
    const program = `
      import { runProcess } from ${JSON.stringify(module)};
      await runProcess({ program: "/bin/sh", argv: ["-c", "sleep 300 & echo $! >&2; wait"],
        env: { PATH: "/usr/bin:/bin" }, timeoutMs: 60000, onStderrLine: (line) => console.log(line) });`;
    const parent = spawn(process.execPath, ["--input-type=module", "--eval", program]);
    const [line] = await once(createInterface(parent.stdout), "line");
    parent.kill("SIGTERM");
    await once(parent, "exit");

    expect(await isGone(Number(line))).toBe(true);
  });
});
