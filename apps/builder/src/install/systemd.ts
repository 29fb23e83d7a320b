import { existsSync } from "node:fs";
import process from "node:process";

import { execa } from "execa";

import { isSystemdRunning } from "../ask-systemd.ts";
import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-codes.ts";
import type { InstallTarget } from "./target.ts";

const ROOT_UID = 0;

/** Stopping a run, or downloads, takes as long as their units allow. */
const TIMEOUT_MS = 10 * 60_000;

/** What services are to be given. */
interface SystemdUse {
  /** Whether nothing is: anybody may look. */
  readonly isDryRun: boolean;
}

/**
 * Makes sure that this machine can have services, and that this user may give it some.
 *
 * @throws {@link CommandError} 1 with what to do instead
 */
export function requireSystemd({ root, scope }: InstallTarget, { isDryRun }: SystemdUse): void {
  if (process.platform !== "linux") {
    throw failure(
      "services are installed on Linux with systemd: elsewhere, have something start `nix-cache-builder run`",
    );
  }
  if (root !== "") return;
  if (scope === "system" && existsSync("/etc/NIXOS")) {
    throw failure(
      "this is NixOS, whose /etc is made anew: set services.nix-cache-builder.enable = true instead",
    );
  }
  if (!isSystemdRunning()) {
    throw failure(
      "systemd does not run this machine: have something else start `nix-cache-builder run` each night",
    );
  }
  if (isDryRun) return;
  const isRoot = process.getuid?.() === ROOT_UID;
  if (scope === "system" && !isRoot) {
    throw failure(
      "services of the system are root's to install: use sudo, or --user for services of your own",
    );
  }
  if (scope === "user" && isRoot) {
    throw failure("--user is for services of an ordinary user: leave it out");
  }
}

/** Calls systemctl for the target, whose errors become this command's. */
export async function systemctl(target: InstallTarget, ...words: readonly string[]): Promise<void> {
  const { root, scope } = target;
  const which = root !== "" ? [`--root=${root}`] : scope === "user" ? ["--user"] : [];
  await runProgram("systemctl", [...which, ...words]);
}

/** Makes the accounts or directories of a file that was just written. */
export async function makeFromFile(
  program: "systemd-sysusers" | "systemd-tmpfiles",
  file: string,
): Promise<void> {
  await runProgram(program, [...(program === "systemd-tmpfiles" ? ["--create"] : []), file]);
}

async function runProgram(program: string, argv: readonly string[]): Promise<void> {
  const result = await execa(program, argv, { reject: false, timeout: TIMEOUT_MS, stdin: "ignore" });
  if (result.exitCode === 0) return;
  const said = result.exitCode === undefined ? result.shortMessage : result.stderr.trim();
  throw failure(`${[program, ...argv].join(" ")} failed: ${said}`);
}

function failure(message: string): CommandError {
  return new CommandError(message, EXIT.failed);
}
