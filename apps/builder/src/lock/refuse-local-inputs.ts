import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-codes.ts";
import { toSafeText } from "../text/safe-text.ts";
import { findLocalInputs } from "./local-inputs.ts";

/**
 * Refuses a lock by which an input makes files of this machine inputs. It is the lock that tells of them, so they may
 * have been copied by then.
 *
 * @param lock absent for a flake that has none
 * @param storeDir logical store directory
 * @throws {@link CommandError} 1 that names the first of them
 */
export function refuseLocalInputs(lock: Uint8Array | undefined, storeDir: string): void {
  const [first, ...others] = lock === undefined ? [] : findLocalInputs(lock, storeDir);
  if (first === undefined) return;
  const more = others.length === 0 ? "" : `, and ${others.length} more of its kind`;
  throw new CommandError(
    `input ${toSafeText(first.name)} is ${toSafeText(first.url)}, a file of this machine that the flake does not ` +
      `name itself${more}: what it named may have been copied into the store, so change the secrets that were in it`,
    EXIT.failed,
  );
}
