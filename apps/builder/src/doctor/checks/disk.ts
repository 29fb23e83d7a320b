import { tmpdir } from "node:os";

import { BYTES_PER_GB } from "../../gigabyte.ts";
import { formatBytes } from "../../text/format-bytes.ts";
import type { DoctorContext } from "../doctor-context.ts";
import { type FileSystem, readFileSystems } from "../file-systems.ts";
import { type Finding, reportAs } from "../finding.ts";
import { asBuilder } from "../remedies.ts";

const report = reportAs("disk");

/** Below both, builds fail, and Nix may no longer be able to record what it deletes. */
const CRITICAL_BYTES = BYTES_PER_GB;
const CRITICAL_SHARE = 0.1;

/** A toplevel with a kernel of its own takes some GB more. */
const LOW_BYTES = 10 * BYTES_PER_GB;
const LOW_SHARE = 0.05;

const CRITICAL_INODE_SHARE = 0.01;
const LOW_INODE_SHARE = 0.05;

/** What a judgement has to know besides the file system. */
export interface DiskLimits {
  /** GB (10^9 bytes) to keep free on the store's disk; 0: no limit. */
  readonly minFreeSpace: number;
  /** The command that deletes old generations. */
  readonly prune: string;
}

/** What a file system that holds the store is used for, among others. */
const STORE = "store";

/** Says how much room is left wherever the service writes. */
export async function checkDisk(context: DoctorContext): Promise<readonly Finding[]> {
  const { builder, nix } = context.config;
  const fileSystems = await readFileSystems([
    { use: STORE, directory: nix.realStoreDir },
    { use: "builder.stateDir", directory: builder.stateDir },
    { use: "builder.cacheDir", directory: builder.cacheDir },
    { use: "temporary files", directory: tmpdir() },
  ]);
  const limits = { minFreeSpace: builder.minFreeSpace, prune: asBuilder(context, "prune") };
  return fileSystems.map((fileSystem) => judgeFileSystem(fileSystem, limits));
}

/** Judges one file system by what is left of it. */
export function judgeFileSystem(fileSystem: FileSystem, { minFreeSpace, prune }: DiskLimits): Finding {
  const { freeBytes, inodes, totalBytes, uses } = fileSystem;
  const isStore = uses.includes(STORE);
  const summary = describe(fileSystem);
  const remedy = isStore ? prune : `df -h ${fileSystem.path}   # and make room there`;
  if (isStore && freeBytes < minFreeSpace * BYTES_PER_GB) {
    return report.problem(`${summary}, less than builder.minFreeSpace = ${minFreeSpace} GB`, { remedy });
  }
  const inodeShare = inodes === undefined ? 1 : inodes.free / inodes.total;
  if (inodeShare < LOW_INODE_SHARE) {
    const make = inodeShare < CRITICAL_INODE_SHARE ? report.problem : report.warning;
    return make(`${summary}, but only ${inodes?.free} more files can be made`, { remedy });
  }
  const isCritical = freeBytes < CRITICAL_BYTES && freeBytes < CRITICAL_SHARE * totalBytes;
  if (isCritical) return report.problem(summary, { remedy });
  const isLow = freeBytes < LOW_BYTES && freeBytes < LOW_SHARE * totalBytes;
  return isLow ? report.warning(summary, { remedy }) : report.ok(summary);
}

function describe({ freeBytes, path, totalBytes, uses }: FileSystem): string {
  return `${formatBytes(freeBytes)} of ${formatBytes(totalBytes)} are free for ${uses.join(", ")} (${path})`;
}
