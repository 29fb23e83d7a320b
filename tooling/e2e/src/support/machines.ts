import { cp, mkdir, readFile, symlink } from "node:fs/promises";
import { dirname } from "node:path";
import process from "node:process";

import { fetchDebianRoot } from "@nix-cache/tooling-parts";
import { execa } from "execa";

import { ROOT } from "./places.ts";
import { makeTempDir, type TempDir } from "./temp-dir.ts";

/** Debian releases whose systemd the units are started under: 252 and 257. */
export const SYSTEMD_SUITES = ["bookworm", "trixie"] as const;

/** What is on each machine: a Nix for many users, and what a forge and a client need. */
const PACKAGES = [
  "systemd",
  "systemd-sysv",
  "dbus-user-session",
  "libnss-systemd",
  "libpam-systemd",
  "nix-bin",
  "nix-setup-systemd",
  "git",
  "openssh-client",
  "openssh-server",
  "iproute2",
  "nftables",
  "curl",
  "ca-certificates",
  // Node is linked against it.
  "libstdc++6",
];

/** Makes a Debian with systemd and Nix, once for all tests. */
export function fetchMachineRoot(suite: (typeof SYSTEMD_SUITES)[number]): Promise<string> {
  return fetchDebianRoot({ name: `debian-${suite}-machine`, suite, packages: PACKAGES });
}

/** Makes a directory of what `npm install --global` of both apps puts on a machine, and Node. */
export async function installApps(): Promise<TempDir> {
  const layer = await makeTempDir("apps");
  const bin = `${layer.path}/usr/local/bin`;
  await mkdir(bin, { recursive: true });
  await cp(process.execPath, `${bin}/node`);
  await Promise.all(["builder", "cache-server"].map((app) => installApp(`${ROOT}/apps/${app}`, bin)));
  return layer;
}

interface Manifest {
  readonly name: string;
  readonly bin: Readonly<Record<string, string>>;
}

/** The package's files are its bundle and its manifest. */
async function installApp(directory: string, bin: string): Promise<void> {
  const manifest: Manifest = JSON.parse(await readFile(`${directory}/package.json`, "utf8"));
  const place = `${dirname(bin)}/lib/node_modules/${manifest.name}`;
  await mkdir(place, { recursive: true });
  await cp(`${directory}/package.json`, `${place}/package.json`);
  await execa(`${directory}/node_modules/.bin/tsup`, ["--out-dir", `${place}/dist`], { cwd: directory });
  for (const [command, path] of Object.entries(manifest.bin)) {
    await symlink(`../lib/node_modules/${manifest.name}/${path}`, `${bin}/${command}`);
  }
}
