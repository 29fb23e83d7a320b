import type { Machine } from "@nix-cache/tooling-parts";
import { expect, vi } from "vitest";

/** What `nix-cache-builder status --json` says, as far as tests look at it. */
interface Status {
  readonly health: string;
  readonly lastRun?: { readonly status: string };
}

/** Longest time that a night of the test flake may take. */
const NIGHT = { timeout: 120_000, interval: 200 };

/** Asks for the state of the cache. */
export async function readStatus(machine: Machine): Promise<Status> {
  return JSON.parse(await machine.run("nix-cache-builder", "status", "--json"));
}

/** How each run ended, the newest first. */
export async function readRunStates(machine: Machine): Promise<readonly string[]> {
  const { runs }: { readonly runs: readonly { readonly status: string }[] } = JSON.parse(
    await machine.run("nix-cache-builder", "history", "--json"),
  );
  return runs.map(({ status }) => status);
}

/** Reads a property of a unit. */
export function showUnit(machine: Machine, unit: string, property: string): Promise<string> {
  return machine.run("systemctl", "show", "--value", `--property=${property}`, unit);
}

/** Reads what the processes of a unit have logged since the unit was started last. */
export async function readJournal(machine: Machine, unit: string): Promise<string> {
  const invocation = await showUnit(machine, unit, "InvocationID");
  return machine.run("journalctl", "--output=cat", `_SYSTEMD_INVOCATION_ID=${invocation}`);
}

/** As the kernel writes the empty set. */
const NO_CAPABILITY = "0".repeat(16);

/** What {@link readProcesses} says of a process that has no privilege, and gets none. */
export const UNPRIVILEGED: string = `CapBnd: ${NO_CAPABILITY} CapEff: ${NO_CAPABILITY} NoNewPrivs: 1 Seccomp: 2`;

/** What the kernel says of each process of a unit: whose it is, and what it may do. */
export async function readProcesses(machine: Machine, unit: string): Promise<readonly string[]> {
  const group = await showUnit(machine, unit, "ControlGroup");
  // One that has ended meanwhile is passed over.
  const script = `for pid in $(cat "/sys/fs/cgroup$1/cgroup.procs"); do
    user=$(stat -c %U "/proc/$pid") && status=$(cat "/proc/$pid/status") || continue
    echo "$user" $(echo "$status" | grep -E "^(CapBnd|CapEff|NoNewPrivs|Seccomp):" | sort)
  done 2> /dev/null`;
  return (await machine.run("sh", "-c", script, "sh", group)).split("\n");
}

/** Waits until a unit is in a state, such as `activating`. */
export async function waitForUnit(machine: Machine, unit: string, state: string): Promise<void> {
  await vi.waitFor(async () => expect(await showUnit(machine, unit, "ActiveState")).toBe(state), NIGHT);
}

/** Waits until a unit has logged a text since it was started. */
export async function waitForLog(machine: Machine, unit: string, text: string): Promise<void> {
  await vi.waitFor(async () => expect(await readJournal(machine, unit)).toContain(text), NIGHT);
}

/** Waits until a machine gets an answer from an address. */
export async function waitForAnswer(machine: Machine, url: string): Promise<void> {
  await vi.waitFor(() => machine.run("curl", "--silent", "--show-error", "--fail", url), NIGHT);
}

/** The newest published toplevel of a host. */
export function findToplevel(machine: Machine, host: string): Promise<string> {
  return machine.run("readlink", "--canonicalize", `/var/cache/nix-builds/${host}-result`);
}

/** Has the timer of the runs elapse at a time to the second, as an administrator's drop-in may. */
export async function makeTimerPunctual(machine: Machine): Promise<void> {
  const dropIn = "/etc/systemd/system/nix-cache-builder.timer.d/punctual.conf";
  await machine.write(dropIn, "[Timer]\nRandomizedDelaySec=0\nAccuracySec=1s\n");
}

/** A calendar expression for a moment so many seconds ahead. */
export function calendarIn(seconds: number): string {
  const moment = new Date(Date.now() + seconds * 1000).toISOString();
  return `${moment.slice(0, 10)} ${moment.slice(11, 19)} UTC`;
}
