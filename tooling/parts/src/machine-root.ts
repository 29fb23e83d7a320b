import { mkdir, symlink, writeFile } from "node:fs/promises";

import { execa } from "execa";

/** What a machine's files are made of. */
export interface MachineRootOptions {
  readonly name: string;
  /** Its address, on one of the networks. */
  readonly address: string;
  /** Directory of a Debian with systemd, which is not written to. */
  readonly root: string;
  /** Directories whose files are there as well. */
  readonly layers?: readonly string[];
}

/** Where machines are started. */
export interface MachinePlace {
  /** A file system in memory, which only those in the namespaces see. */
  readonly directory: string;
  /** First process of the namespaces. */
  readonly pid: string;
  /** The router's addresses; a network is what shares the first 24 bits. */
  readonly routers: readonly string[];
}

/** The index of the network that an address is in. */
export function findNetwork({ routers }: MachinePlace, address: string): number {
  const index = routers.findIndex((router) => networkOf(router) === networkOf(address));
  if (index === -1)
    throw new RangeError(`expected an address in a network of ${routers.join(", ")}, got ${address}`);
  return index;
}

function networkOf(address: string): string {
  return address.slice(0, address.lastIndexOf("."));
}

/**
 * Puts a writable system together, in the namespaces.
 *
 * @returns its directory there
 */
export async function makeMachineRoot(place: MachinePlace, options: MachineRootOptions): Promise<string> {
  const { name, address, layers = [], root } = options;
  const directory = `${place.directory}/${name}`;
  const seen = `/proc/${place.pid}/root${directory}`;
  for (const part of ["root", "changes", "work"]) await mkdir(`${seen}/${part}`, { recursive: true });
  const lower = [...layers, root].join(":");
  const parts = `lowerdir=${lower},upperdir=${directory}/changes,workdir=${directory}/work`;
  const mount = ["mount", "--types", "overlay", "--options", parts, "overlay", `${directory}/root`];
  await execa("nsenter", ["--target", place.pid, "--mount", ...mount]);
  const router = place.routers[findNetwork(place, address)];
  await writeFile(`${seen}/root/etc/hostname`, `${name}\n`);
  // There is no other router to wait for.
  const lines = [`Address=${address}/24`, `Gateway=${router}`, "IPv6AcceptRA=no"];
  await joinNetwork(`${seen}/root/etc/systemd`, `${lines.join("\n")}\n`);
  return `${directory}/root`;
}

/** By networkd, so that network-online.target means what it says. */
async function joinNetwork(etc: string, lines: string): Promise<void> {
  const units = "/usr/lib/systemd/system";
  const wants = [
    ["multi-user.target.wants", "systemd-networkd.service"],
    ["network-online.target.wants", "systemd-networkd-wait-online.service"],
  ] as const;
  await mkdir(`${etc}/network`, { recursive: true });
  await writeFile(`${etc}/network/10-host0.network`, `[Match]\nName=host0\n[Network]\n${lines}`);
  for (const [target, unit] of wants) {
    await mkdir(`${etc}/system/${target}`, { recursive: true });
    await symlink(`${units}/${unit}`, `${etc}/system/${target}/${unit}`);
  }
}
