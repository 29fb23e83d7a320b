import { randomBytes } from "node:crypto";
import { mkdir, readlink, writeFile } from "node:fs/promises";

import { formatPublicKey, formatSecretKey, generateSecretKey, toPublicKey } from "@nix-cache/narinfo";
import { execa, type Result } from "execa";

import { createFleet, type Fleet, type FleetHosts } from "./fleet.ts";
import { ROOT } from "./places.ts";
import { makeTempDir } from "./temp-dir.ts";

/** How a command ended. */
export interface CommandEnd {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Changes to a site's configuration: TOML lines, by section. */
export interface SiteOptions {
  readonly hosts: FleetHosts;
  readonly builder?: readonly string[];
  readonly cacheServer?: readonly string[];
}

/** A builder machine in a directory: a store of its own, a repository, a key and a configuration. */
export interface Site {
  readonly directory: string;
  readonly storeDir: string;
  readonly configFile: string;
  readonly publicKey: string;
  readonly fleet: Fleet;
  /** Runs nix-cache-builder with this site's configuration. */
  readonly builder: (...args: readonly string[]) => Promise<CommandEnd>;
  /** Runs a command of Nix on the builder's store. */
  readonly nix: (...argv: readonly [string, ...string[]]) => Promise<CommandEnd>;
  /** The newest published toplevel of a host. */
  readonly toplevel: (host: string) => Promise<string>;
  /** Writes the configuration anew. */
  readonly configure: (options: Omit<SiteOptions, "hosts">) => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** Settings that let Nix build as any user, with the machine's shell and without a network. */
export const NIX_CONFIG: string = [
  "sandbox = false",
  "build-users-group =",
  "substituters =",
  "experimental-features = nix-command flakes",
].join("\n");

/** Makes a builder machine. */
export async function createSite(options: SiteOptions): Promise<Site> {
  const { path: directory, remove } = await makeTempDir("site");
  const secretKey = generateSecretKey("e2e-1", randomBytes(32));
  await writeFile(`${directory}/key`, formatSecretKey(secretKey), { mode: 0o400 });
  await mkdir(`${directory}/home`);
  const configFile = `${directory}/config.toml`;
  const hosts = Object.keys(options.hosts);
  const configure = (changes: Omit<SiteOptions, "hosts">): Promise<void> =>
    writeFile(configFile, formatConfig(directory, hosts, changes));
  await configure(options);
  const env = { HOME: `${directory}/home`, NIX_CONFIG, NIX_REMOTE: "" };
  return {
    directory,
    storeDir: `${directory}/store`,
    configFile,
    publicKey: formatPublicKey(toPublicKey(secretKey)),
    fleet: await createFleet(`${directory}/fleet`, options.hosts),
    builder: async (...args) =>
      toEnd(
        await execa(`${ROOT}/tooling/bin/nix-cache-builder`, [...args, "--config", configFile], {
          env,
          reject: false,
        }),
      ),
    nix: async (program, ...args) =>
      toEnd(await execa(program, args, { env: { ...env, ...storeEnvironment(directory) }, reject: false })),
    toplevel: async (host) => readlink(await readlink(`${directory}/cache/${host}-result`)),
    configure,
    remove,
  };
}

function toEnd({ exitCode, stdout, stderr }: Result): CommandEnd {
  return { exitCode, stdout: String(stdout), stderr: String(stderr) };
}

function storeEnvironment(directory: string): Readonly<Record<string, string>> {
  return {
    NIX_STORE_DIR: `${directory}/store`,
    NIX_STATE_DIR: `${directory}/var/nix`,
    NIX_LOG_DIR: `${directory}/var/log/nix`,
  };
}

function formatConfig(
  directory: string,
  hosts: readonly string[],
  changes: Omit<SiteOptions, "hosts">,
): string {
  return [
    "[nix]",
    `storeDir = "${directory}/store"`,
    `stateDir = "${directory}/var/nix"`,
    `logDir = "${directory}/var/log/nix"`,
    "[builder]",
    `hosts = ${JSON.stringify(hosts)}`,
    `flakePath = "${directory}/state/flake"`,
    `stateDir = "${directory}/state"`,
    `cacheDir = "${directory}/cache"`,
    `signingKeyFile = "${directory}/key"`,
    ...(changes.builder ?? [`flakeRepo = "${directory}/fleet"`]),
    "[cacheServer]",
    'host = "127.0.0.1"',
    "port = 0",
    ...(changes.cacheServer ?? []),
    "",
  ].join("\n");
}
