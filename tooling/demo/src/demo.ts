import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, statfs, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

import { formatSecretKey, generateSecretKey } from "@nix-cache/narinfo";

import { formatDemoConfig } from "./demo-config.ts";
import { commitTemplate } from "./repository.ts";
import { StartError } from "./start-error.ts";

/** What the demo's closures, their derivations and the repositories take, generously. */
const NEEDED_BYTES = 300e6;
/** What a run takes where all that is built already. */
const NEEDED_AGAIN_BYTES = 20e6;

const TEMPLATES = `${import.meta.dirname}/..`;

/** Options of {@link prepareDemo}. */
export interface DemoOptions {
  /** Port that the configuration names; 5000 when absent. */
  readonly port?: number;
}

/**
 * Makes the demo: two git repositories, a signing key and a configuration, all in one directory that can be
 * removed with `rm -r`. What is there already stays as it is.
 *
 * @param directory absolute
 * @returns path of the configuration
 * @throws {StartError} when there is too little room
 */
export async function prepareDemo(directory: string, options: DemoOptions = {}): Promise<string> {
  requirePlainPath(directory);
  await mkdir(directory, { recursive: true });
  await requireRoom(directory);
  const common = `${directory}/repos/common`;
  const fleet = `${directory}/repos/fleet`;
  await commitTemplate(`${TEMPLATES}/common`, common, {});
  await commitTemplate(`${TEMPLATES}/flake`, fleet, {
    "@common@": `git+${pathToFileURL(common).href}?ref=main`,
    "@system@": nixSystem(),
  });
  await writeSigningKey(`${directory}/signing-key`);
  const configFile = `${directory}/config.toml`;
  await writeFile(configFile, formatDemoConfig(directory, options.port ?? 5000));
  return configFile;
}

/** As the configuration has it: Nix cannot write anything else into references and scripts. */
function requirePlainPath(directory: string): void {
  if (/^[\w.+,/-]+$/.test(directory)) return;
  throw new StartError(
    `the demo cannot live in ${directory}: clone to a path of letters, digits and ._+,- alone`,
    1,
  );
}

async function requireRoom(directory: string): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  const needed = existsSync(`${directory}/config.toml`) ? NEEDED_AGAIN_BYTES : NEEDED_BYTES;
  if (bavail * bsize >= needed) return;
  const free = Math.floor((bavail * bsize) / 1e6);
  throw new StartError(
    `the disk is full: the demo needs ${needed / 1e6} MB below ${directory} and ${free} MB are free; free some and try again`,
    1,
  );
}

/** Nix's name for this machine: the architecture as the kernel says it, then the kernel. */
function nixSystem(): string {
  const architectures: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64" };
  return `${architectures[process.arch] ?? process.arch}-${process.platform}`;
}

async function writeSigningKey(file: string): Promise<void> {
  if (existsSync(file)) return;
  const key = generateSecretKey("demo.nix-cache-builder-1", randomBytes(32));
  await writeFile(file, formatSecretKey(key), { mode: 0o400, flag: "wx" });
}
