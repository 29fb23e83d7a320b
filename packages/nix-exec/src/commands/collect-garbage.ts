import type { NixCommand } from "../command.ts";
import { parseSize } from "../size.ts";

/** Options of collectGarbage. */
export interface CollectGarbageOptions {
  /** Stop after this many bytes; left out: everything that no root protects goes. */
  readonly maxFreedBytes?: number;
}

/** What a collection did. */
export interface CollectGarbageResult {
  readonly deletedPaths: number;
  /** As precise as Nix prints it: to 0.01 MiB, or two digits of a smaller unit. */
  readonly freedBytes: number;
}

/** Deletes what no GC root protects. */
export function collectGarbage(options: CollectGarbageOptions): NixCommand<CollectGarbageResult> {
  const { maxFreedBytes } = options;
  return {
    program: "nix-store",
    name: "nix-store --gc",
    argv: ["--gc", ...(maxFreedBytes === undefined ? [] : ["--max-freed", String(maxFreedBytes)])],
    failureCode: "ERR_NIX_FAILED",
    parse: ({ stdout, stderr }) => parseFreed(`${stdout}\n${stderr}`),
  };
}

/**
 * Reads what a deletion printed last. Nix 2.8 prints the sum on stdout in MiB, 2.34 on stderr in the unit that fits.
 *
 * @throws TypeError when there is no sum
 */
export function parseFreed(text: string): CollectGarbageResult {
  const [, count, size, unit] = /(\d+) store paths? deleted, (-?[\d.]+) (\w+) freed/.exec(text) ?? [];
  if (size === undefined || unit === undefined) throw new TypeError("expected the number of freed bytes");
  return { deletedPaths: Number(count), freedBytes: parseSize(size, unit) };
}
