import { randomBytes } from "node:crypto";
import { mkdir, readlink, writeFile } from "node:fs/promises";

import { type HistoryReader, openHistorySnapshot } from "@nix-cache/history";
import { formatPublicKey, formatSecretKey, generateSecretKey, toPublicKey } from "@nix-cache/narinfo";
import { execa } from "execa";

import { type CommandEnd, NIX_CONFIG, toEnd } from "./command.ts";
import { createFleet, createRepository, type Fleet, type FleetHosts, type Repository } from "./fleet.ts";
import { ROOT } from "./places.ts";
import { makeTempDir } from "./temp-dir.ts";

/** Lines of TOML that a site's configuration has besides its own, by section. */
export interface SiteChanges {
  readonly nix?: readonly string[];
  readonly builder?: readonly string[];
  readonly cacheServer?: readonly string[];
  /** Where the server listens; on a free port of loopback when absent. */
  readonly listen?: { readonly host: string; readonly port: number };
  /** Host names; those of the fleet when absent. */
  readonly hosts?: readonly string[];
  /** The repository; the fleet's own when absent. */
  readonly flakeRepo?: string;
  /** Directory of programs for a machine that lacks them; counts when the site is made. */
  readonly programs?: string;
}

/** A builder machine in a directory: a store of its own, a repository, a key and a configuration. */
export interface Site extends AsyncDisposable {
  readonly directory: string;
  readonly storeDir: string;
  readonly configFile: string;
  readonly publicKey: string;
  readonly fleet: Fleet;
  /** The repository of the flake's input. */
  readonly common: Repository;
  /** Runs nix-cache-builder with this site's configuration. */
  readonly builder: (...args: readonly string[]) => Promise<CommandEnd>;
  /** Does a night's work that must succeed at least in part. */
  readonly run: () => Promise<void>;
  /** Asks what readers see of the history. */
  readonly history: <Answer>(query: (reader: HistoryReader) => Answer) => Answer | undefined;
  /** Runs a command of Nix on the builder's store. */
  readonly nix: (...argv: readonly [string, ...string[]]) => Promise<CommandEnd>;
  /** The newest published toplevel of a host. */
  readonly toplevel: (host: string) => Promise<string>;
  /** Writes the configuration anew. */
  readonly configure: (options: SiteChanges) => Promise<void>;
}

/** Makes a builder machine. */
export async function createSite(hosts: FleetHosts, changes: SiteChanges = {}): Promise<Site> {
  const { path: directory, remove } = await makeTempDir("site");
  const secretKey = generateSecretKey("e2e-1", randomBytes(32));
  await writeFile(`${directory}/key`, formatSecretKey(secretKey), { mode: 0o400 });
  await mkdir(`${directory}/home`);
  const configFile = `${directory}/config.toml`;
  const common = await createRepository(`${directory}/common`);
  await common.commitFile("text", "");
  const configure = (changed: SiteChanges): Promise<void> =>
    writeFile(configFile, formatConfig(directory, { hosts: Object.keys(hosts), ...changed }));
  await configure(changes);
  const { programs } = changes;
  const env = {
    HOME: `${directory}/home`,
    NIX_CONFIG,
    NIX_REMOTE: "",
    ...(programs === undefined ? {} : { PATH: `${process.env["PATH"] ?? ""}:${programs}` }),
  };
  const builder = async (...args: readonly string[]): Promise<CommandEnd> => {
    const program = `${ROOT}/tooling/bin/nix-cache-builder`;
    return toEnd(await execa(program, [...args, "--config", configFile], { env, reject: false }));
  };
  return {
    directory,
    storeDir: `${directory}/store`,
    configFile,
    publicKey: formatPublicKey(toPublicKey(secretKey)),
    common,
    fleet: await createFleet(`${directory}/fleet`, hosts, { input: common }),
    builder,
    run: async () => {
      const { exitCode, stdout, stderr } = await builder("run");
      if (exitCode !== 0) throw new Error(`expected the run to succeed, got ${exitCode}: ${stdout}${stderr}`);
    },
    history: (query) => {
      using snapshot = openHistorySnapshot(`${directory}/state/history.public.sqlite`);
      return snapshot.read(query);
    },
    nix: async (program, ...args) =>
      toEnd(await execa(program, args, { env: { ...env, ...storeEnvironment(directory) }, reject: false })),
    toplevel: async (host) => readlink(await readlink(`${directory}/cache/${host}-result`)),
    configure,
    [Symbol.asyncDispose]: remove,
  };
}

function storeEnvironment(directory: string): Readonly<Record<string, string>> {
  return {
    NIX_STORE_DIR: `${directory}/store`,
    NIX_STATE_DIR: `${directory}/var/nix`,
    NIX_LOG_DIR: `${directory}/var/log/nix`,
  };
}

function formatConfig(directory: string, changes: SiteChanges): string {
  return [
    "[nix]",
    `storeDir = "${directory}/store"`,
    `stateDir = "${directory}/var/nix"`,
    `logDir = "${directory}/var/log/nix"`,
    ...(changes.nix ?? []),
    "[builder]",
    `flakeRepo = "${changes.flakeRepo ?? `${directory}/fleet`}"`,
    `hosts = ${JSON.stringify(changes.hosts)}`,
    `flakePath = "${directory}/state/flake"`,
    `stateDir = "${directory}/state"`,
    `cacheDir = "${directory}/cache"`,
    `signingKeyFile = "${directory}/key"`,
    ...(changes.builder ?? []),
    "[cacheServer]",
    `host = "${changes.listen?.host ?? "127.0.0.1"}"`,
    `port = ${changes.listen?.port ?? 0}`,
    ...(changes.cacheServer ?? []),
    "",
  ].join("\n");
}
