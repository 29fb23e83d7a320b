import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";

import { onTestFinished } from "vitest";

/** Options of {@link startProgram}. */
export interface StartProgramOptions {
  readonly argv: readonly [program: string, ...args: string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** Waits for a line of output that has this text, or for the end. */
  readonly until: string;
}

/** A program that goes on in the background; it is stopped when the test ends. */
export interface StartedProgram {
  readonly child: ChildProcess;
  /** What it printed so far. */
  readonly lines: readonly string[];
  /** How it ends. */
  readonly ended: Promise<{ readonly exitCode: number | null; readonly stderr: string }>;
}

/** Starts a program and waits until it has come to a certain point. */
export async function startProgram({ argv, env, until }: StartProgramOptions): Promise<StartedProgram> {
  const [program, ...args] = argv;
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => {
    child.kill("SIGTERM");
  });
  const ended = Promise.all([once(child, "exit"), text(child.stderr)]);
  const lines: string[] = [];
  const reached = Promise.withResolvers<undefined>();
  createInterface({ input: child.stdout })
    .on("line", (line) => {
      lines.push(line);
      if (line.includes(until)) reached.resolve(undefined);
    })
    .on("close", () => reached.resolve(undefined));
  await reached.promise;
  return { child, lines, ended: ended.then(([[exitCode], stderr]) => ({ exitCode, stderr })) };
}
