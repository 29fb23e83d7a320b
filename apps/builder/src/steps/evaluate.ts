import type { RunDeps } from "../run-deps.ts";
import type { LockedFlake } from "./update.ts";

/** An evaluation that takes longer hangs; the largest fleets need minutes. */
const EVALUATE_TIMEOUT_MS = 30 * 60 * 1000;

/**
 * Evaluates a host to the derivation of its toplevel.
 *
 * @returns store path of the derivation
 */
export function evaluateHost({ nix, signal }: RunDeps, flake: LockedFlake, host: string): Promise<string> {
  const { flakeRef, referenceLockFile } = flake;
  return nix.evalDrvPath({
    flakeRef,
    host,
    timeoutMs: EVALUATE_TIMEOUT_MS,
    signal,
    ...(referenceLockFile === undefined ? {} : { referenceLockFile }),
  });
}
