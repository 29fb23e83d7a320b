import type { FileFingerprint, SystemFacts } from "@nix-cache/closure-diff";

import { createFingerprints } from "./fingerprints.ts";
import { readFileTree, type TreeReader } from "./read-file-tree.ts";
import {
  createStoreFiles,
  type StoreFiles,
  StoreFilesLimitError,
  type StoreLocation,
} from "./store-files.ts";

/** A NixOS desktop has about 3,000 files in /etc, units included, and takes some 10,000 entries to read them. */
const MAX_ENTRIES = 100_000;

/** Those files are about 5 MB. */
const MAX_BYTES = 64 * 1024 * 1024;

/** COMMAND_LINE_SIZE of Linux is 4096 at most where NixOS runs. */
const MAX_PARAMS_BYTES = 64 * 1024;

/** Where a toplevel links to what it boots. */
const BOOT_LINKS = [
  ["kernel", "kernel"],
  ["initrd", "initrd"],
  ["kernelModules", "kernel-modules"],
  ["systemd", "systemd"],
] as const;

/** A parameter with spaces has quotes around it or its value. */
const KERNEL_PARAM = /(?:[^\s"]|"[^"]*"?)+/g;

/** Directories of units below /etc, and what goes before their units' names. */
const UNIT_DIRECTORIES = [
  ["systemd/system", ""],
  ["systemd/user", "user/"],
] as const;

/** Options of {@link readSystemFacts}. */
export interface SystemFactsOptions extends StoreLocation {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads what a toplevel's files say of the system. What it does not have is left out, as are units and etc where there
 * are too many of them to read.
 *
 * @param toplevel logical store path
 * @see nixos/modules/system/activation/top-level.nix and nixos/modules/system/boot/kernel.nix in nixpkgs
 */
export async function readSystemFacts(toplevel: string, options: SystemFactsOptions): Promise<SystemFacts> {
  const { storeDir } = options;
  const files = createStoreFiles({ ...options, maxEntries: MAX_ENTRIES, maxBytes: MAX_BYTES });
  const fingerprints = createFingerprints(files, storeDir);
  return {
    ...(await readBootLinks(files, toplevel, storeDir)),
    ...(await readKernelParams(files, toplevel)),
    ...(await readEtc({ files, fingerprints, storeDir }, `${toplevel}/etc`)),
  };
}

async function readBootLinks(files: StoreFiles, toplevel: string, storeDir: string): Promise<SystemFacts> {
  const found: Partial<Record<(typeof BOOT_LINKS)[number][0], string>> = {};
  for (const [fact, name] of BOOT_LINKS) {
    const target = await files.readLink(`${toplevel}/${name}`);
    if (target?.startsWith(`${storeDir}/`) !== true) continue;
    const [storePath = ""] = target.slice(storeDir.length + 1).split("/");
    found[fact] = `${storeDir}/${storePath}`;
  }
  return found;
}

async function readKernelParams(files: StoreFiles, toplevel: string): Promise<SystemFacts> {
  const entry = await files.resolve(`${toplevel}/kernel-params`);
  const text = entry.type === "file" ? await files.read(entry.path, MAX_PARAMS_BYTES) : undefined;
  if (text === undefined) return {};
  return { kernelParams: text.replace(/\/[0-9a-z]{32}-/g, "/").match(KERNEL_PARAM) ?? [] };
}

async function readEtc(reader: TreeReader, etc: string): Promise<SystemFacts> {
  if ((await reader.files.resolve(etc)).type !== "directory") return {};
  try {
    const units = new Map<string, FileFingerprint>();
    for (const [directory, prefix] of UNIT_DIRECTORIES) {
      const tree = await readFileTree(reader, `${etc}/${directory}`);
      for (const [name, fingerprint] of tree) units.set(prefix + name, fingerprint);
    }
    const skip = new Set<string>(UNIT_DIRECTORIES.map(([directory]) => directory));
    return { units, etc: await readFileTree(reader, etc, skip) };
  } catch (error) {
    if (!(error instanceof StoreFilesLimitError)) throw error;
    return {};
  }
}
