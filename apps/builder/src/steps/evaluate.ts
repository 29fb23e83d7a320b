import { NixError } from "@nix-cache/nix-exec";

import { BYTES_PER_GB } from "../gigabyte.ts";
import type { RunDeps } from "../run-deps.ts";
import type { LockedFlake } from "./update.ts";

/** An evaluation that takes longer hangs; the largest fleets need minutes. */
const EVALUATE_TIMEOUT_MS = 30 * 60 * 1000;

/**
 * Evaluates a host to the derivation of its toplevel, within the memory that it may take.
 *
 * @returns store path of the derivation
 */
export async function evaluateHost(
  { config, nix, signal }: RunDeps,
  { flakeRef, referenceLockFile }: LockedFlake,
  host: string,
): Promise<string> {
  const { evalMemory } = config.builder;
  try {
    return await nix.evalDrvPath({
      flakeRef,
      host,
      timeoutMs: EVALUATE_TIMEOUT_MS,
      signal,
      ...(referenceLockFile === undefined ? {} : { referenceLockFile }),
      ...(evalMemory === 0 ? {} : { maxMemoryBytes: evalMemory * BYTES_PER_GB }),
    });
  } catch (cause) {
    if (evalMemory === 0 || !(cause instanceof NixError) || cause.code !== "ERR_NIX_MEMORY") throw cause;
    const message = `the evaluation took more than ${evalMemory} GB (builder.evalMemory)`;
    throw new NixError(cause.code, message, { stderrTail: cause.stderrTail, cause });
  }
}
