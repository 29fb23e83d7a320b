import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";

import { inControlGroup } from "./control-group.ts";
import { readIfPresent } from "./files.ts";
import { createMachineCommands, type MachineCommands } from "./machine-commands.ts";
import { findNetwork, type MachinePlace, makeMachineRoot, type MachineRootOptions } from "./machine-root.ts";
import { UNKNOWN_TO_HOST } from "./nspawn.ts";

/** How long a machine may take to start or to stop. */
const BOOT_TIMEOUT_MS = 120_000;

/** What systemd needs to filter the packets of units, and nspawn does not give by itself. */
const IP_FILTERS = ["--capability=CAP_BPF,CAP_PERFMON", "--system-call-filter=bpf"];

/** A machine with systemd as its first process; it shares this one's clock and kernel. */
export interface Machine extends MachineCommands {
  readonly name: string;
  readonly address: string;
  /** Starts it after it was switched off. */
  readonly boot: () => Promise<void>;
  readonly reboot: () => Promise<void>;
  readonly powerOff: () => Promise<void>;
}

/** What starts machines, and where. */
export interface MachineHost extends MachinePlace {
  /** Program systemd-nspawn. */
  readonly nspawn: string;
  readonly controlGroup: string;
}

/** Starts a machine, and waits until it is up. */
export async function bootMachine(host: MachineHost, options: MachineRootOptions): Promise<Machine> {
  const { name, address } = options;
  const root = await makeMachineRoot(host, options);
  const group = `${host.controlGroup}/${name}`;
  const commands = createMachineCommands(name, () => findInit(group));
  let supervisor: ChildProcess;
  const boot = async (): Promise<void> => {
    supervisor = startSupervisor(host, { name, address, root, group });
    await waitUntilUp(supervisor, group, commands);
  };
  const switchOff = async (command: "poweroff" | "reboot"): Promise<void> => {
    const ended = once(supervisor, "exit");
    await commands.run("systemctl", command);
    // For a restart it leaves starting again to whoever started it.
    await ended;
  };
  await boot();
  return {
    ...commands,
    name,
    address,
    boot,
    reboot: async () => {
      await switchOff("reboot");
      await boot();
    },
    powerOff: () => switchOff("poweroff"),
  };
}

interface Start {
  readonly name: string;
  readonly address: string;
  readonly root: string;
  readonly group: string;
}

function startSupervisor(host: MachineHost, { name, address, root, group }: Start): ChildProcess {
  const bridge = `net${findNetwork(host, address)}`;
  const boundary = [...UNKNOWN_TO_HOST, `--machine=${name}`, `--network-bridge=${bridge}`, "-D", root];
  const namespaces = ["--target", host.pid, "--mount", "--net", "--pid"];
  const command = [host.nspawn, ...boundary, ...IP_FILTERS, "--console=pipe", "--boot"];
  return spawn("nsenter", [...namespaces, ...inControlGroup(group), ...command], {
    detached: true,
    stdio: ["ignore", "ignore", "inherit"],
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: "1" },
  });
}

/** A machine's first process, by the number that it has outside; empty when it is not running. */
async function findInit(group: string): Promise<string> {
  const processes = await readIfPresent(`${group}/payload/init.scope/cgroup.procs`);
  return processes.split("\n")[0] ?? "";
}

async function waitUntilUp(
  supervisor: ChildProcess,
  group: string,
  commands: MachineCommands,
): Promise<void> {
  const deadline = AbortSignal.timeout(BOOT_TIMEOUT_MS);
  for (let state = ""; state !== "running"; await setTimeout(100)) {
    if (supervisor.exitCode !== null) throw new Error(`systemd-nspawn ended with ${supervisor.exitCode}`);
    if (deadline.aborted) throw await explainState(commands, state);
    if ((await findInit(group)) === "") continue;
    // Until its bus is there nobody can be asked.
    const { stdout } = await commands.attempt("systemctl", "is-system-running");
    state = stdout.trim();
    if (state === "degraded") throw await explainState(commands, state);
  }
}

async function explainState(commands: MachineCommands, state: string): Promise<Error> {
  const failed = await commands.attempt("systemctl", "--failed", "--no-legend", "--plain");
  const journal = await commands.attempt("journalctl", "--boot", "--priority=warning", "--lines=40");
  return new Error(`expected a running machine, got "${state}": ${failed.stdout}\n${journal.stdout}`);
}
