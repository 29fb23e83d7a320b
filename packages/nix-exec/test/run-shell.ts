import { runProcess, type RunRequest, type RunResult } from "../src/run.ts";

/** How a script ended, and what it printed on standard error. */
interface Ran {
  readonly result: RunResult;
  readonly stderr: readonly string[];
}

/** Runs a shell script under runProcess. */
export async function runShell(script: string, options: Partial<RunRequest> = {}): Promise<Ran> {
  const stderr: string[] = [];
  const result = await runProcess({
    program: "/bin/sh",
    argv: ["-c", script],
    env: { PATH: "/usr/bin:/bin" },
    timeoutMs: 20_000,
    graceMs: 200,
    onStderrLine: (line) => stderr.push(line),
    ...options,
  });
  return { result, stderr };
}
