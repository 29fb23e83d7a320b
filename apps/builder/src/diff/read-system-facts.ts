import type { FileFingerprint, SystemFacts } from "@nix-cache/closure-diff";

import { createFingerprints } from "./fingerprints.ts";
import { readFileTree, type TreeReader } from "./read-file-tree.ts";
import {
  createStoreFiles,
  type StoreFiles,
  StoreFilesLimitError,
  type StoreLocation,
} from "./store-files.ts";

/** A NixOS desktop has about 3,000 entries in /etc, units included, and reads some 10,000 for them. */
const MAX_ENTRIES = 100_000;

/** Those files are about 5 MB. */
const MAX_BYTES = 64 * 1024 * 1024;

/** COMMAND_LINE_SIZE of Linux is 2048 on x86; others have up to 4096. */
const MAX_PARAMS_BYTES = 64 * 1024;

/** Where a toplevel links to what it boots. */
const BOOT_LINKS = [
  ["kernel", "kernel"],
  ["initrd", "initrd"],
  ["kernelModules", "kernel-modules"],
  ["systemd", "systemd"],
] as const;

const SYSTEM_UNITS = "systemd/system";
const USER_UNITS = "systemd/user";

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
  const files = createStoreFiles({ ...options, maxEntries: MAX_ENTRIES, maxBytes: MAX_BYTES });
  const { storeDir } = options;
  const kernelParams = await readKernelParams(files, toplevel, storeDir);
  return {
    ...(await readBootLinks(files, toplevel, storeDir)),
    ...(kernelParams === undefined ? {} : { kernelParams }),
    ...(await readEtc(
      { files, fingerprints: createFingerprints(files, storeDir), storeDir },
      `${toplevel}/etc`,
    )),
  };
}

async function readBootLinks(
  files: StoreFiles,
  toplevel: string,
  storeDir: string,
): Promise<Partial<Record<(typeof BOOT_LINKS)[number][0], string>>> {
  const found: Partial<Record<(typeof BOOT_LINKS)[number][0], string>> = {};
  for (const [part, name] of BOOT_LINKS) {
    const target = await files.readLink(`${toplevel}/${name}`);
    if (target?.startsWith(`${storeDir}/`) !== true) continue;
    const [storePath = ""] = target.slice(storeDir.length + 1).split("/");
    found[part] = `${storeDir}/${storePath}`;
  }
  return found;
}

async function readKernelParams(
  files: StoreFiles,
  toplevel: string,
  storeDir: string,
): Promise<readonly string[] | undefined> {
  const entry = await files.resolve(`${toplevel}/kernel-params`);
  const text = entry.type === "file" ? await files.read(entry.path, MAX_PARAMS_BYTES) : undefined;
  const hashParts = new RegExp(`(${RegExp.escape(storeDir)}/)[0-9a-z]{32}-`, "g");
  // A parameter with spaces is quoted.
  return (
    text?.replace(hashParts, "$1").match(/(?:[^\s"]|"[^"]*"?)+/g) ?? (text === undefined ? undefined : [])
  );
}

async function readEtc(reader: TreeReader, etc: string): Promise<Pick<SystemFacts, "units" | "etc">> {
  if ((await reader.files.resolve(etc)).type !== "directory") return {};
  try {
    const units = new Map<string, FileFingerprint>([
      ...(await readFileTree(reader, `${etc}/${SYSTEM_UNITS}`)),
      ...[...(await readFileTree(reader, `${etc}/${USER_UNITS}`))].map(
        ([name, fingerprint]) => [`user/${name}`, fingerprint] as const,
      ),
    ]);
    return { units, etc: await readFileTree(reader, etc, new Set([SYSTEM_UNITS, USER_UNITS])) };
  } catch (error) {
    if (!(error instanceof StoreFilesLimitError)) throw error;
    return {};
  }
}
