import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";

/** There while systemd runs the machine; see sd_booted(3). */
const SYSTEMD_RUNS = "/run/systemd/system";

const TIMEOUT_MS = 2000;

/** Whether systemd runs this machine. */
export function isSystemdRunning(): boolean {
  return existsSync(SYSTEMD_RUNS);
}

/**
 * Asks a program of systemd, in no language but its own. What cannot be asked is not known: a program that is missing or
 * fails says nothing.
 */
export function askSystemd(
  program: "systemctl" | "systemd-analyze",
  argv: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<string> {
  const env = { ...process.env, LC_ALL: "C", ...variables };
  return new Promise((resolve) => {
    execFile(program, argv, { env, timeout: TIMEOUT_MS }, (_error, stdout) => resolve(stdout));
  });
}
