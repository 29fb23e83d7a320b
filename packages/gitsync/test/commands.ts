import { execFileSync } from "node:child_process";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { environment, makeTempDir } from "./repository.ts";

/** Path of a program of this machine. */
export function findCommand(name: string): string {
  return execFileSync("sh", ["-c", `command -v ${name}`], { env: environment, encoding: "utf8" }).trim();
}

/** Makes a directory for PATH in which there are some programs of this machine, and no others. */
export function linkCommands(...names: readonly string[]): string {
  const directory = makeTempDir();
  for (const name of names) {
    symlinkSync(findCommand(name), join(directory, name));
  }
  return directory;
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

/**
 * Puts a shell script in place of the remote's side, which speaks version 0 of the protocol then; git itself stays.
 *
 * @param script it has GIT, the real git, and DIR, the repository
 */
export function installUploadPack(script: string): Record<string, string> {
  const git = findCommand("git");
  return installCommand(
    "git",
    `for arg; do
  if [ "$arg" = upload-pack ]; then
    unset GIT_PROTOCOL
    for dir; do :; done
    GIT=${git} DIR=$dir
    ${script}
    exit
  fi
done
# git looks for git there first
GIT_EXEC_PATH=$LOG_DIR exec ${git} "$@"`,
  );
}
