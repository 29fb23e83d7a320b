import type { NixCommand } from "../command.ts";

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

const UNIT_BYTES: Readonly<Record<string, number>> = {
  B: 1,
  bytes: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

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

/** Nix 2.8 prints the sum on stdout in MiB, 2.34 on stderr in the unit that fits. */
function parseFreed(text: string): CollectGarbageResult {
  const match = /(\d+) store paths? deleted, (-?[\d.]+) (\w+) freed/.exec(text);
  const unitBytes = UNIT_BYTES[match?.[3] ?? ""];
  if (match === null || unitBytes === undefined) throw new TypeError("expected the number of freed bytes");
  return { deletedPaths: Number(match[1]), freedBytes: Math.round(Number(match[2]) * unitBytes) };
}
