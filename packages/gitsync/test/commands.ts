import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { environment, makeTempDir } from "./repository.ts";

/** Path of a program of this machine. */
export function findCommand(name: string): string {
  return execFileSync("sh", ["-c", `command -v ${name}`], { env: environment, encoding: "utf8" }).trim();
}

/** Runs a program of this machine. */
export function runCommand(name: string, ...args: string[]): void {
  execFileSync(name, args, { env: environment });
}

/**
 * Puts a shell script in front of a program, for what the real one cannot be made to do.
 *
 * @returns an environment on whose PATH the script comes first; LOG_DIR is a directory for what the script notes down
 */
export function installCommand(name: string, script: string): Record<string, string> {
  const directory = makeTempDir();
  writeFileSync(join(directory, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { ...environment, PATH: `${directory}:${environment["PATH"]}`, LOG_DIR: directory };
}
