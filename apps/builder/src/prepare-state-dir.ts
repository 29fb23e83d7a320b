import { mkdir } from "node:fs/promises";

import { actAsOwner, type OwnerRequest } from "./act-as-owner.ts";
import { CommandError } from "./command-error.ts";
import { EXIT } from "./exit-codes.ts";
import type { BuilderMachineConfig } from "./load-config.ts";
import { reasonOf } from "./reason.ts";

/**
 * Makes stateDir when it is missing, and goes on as its owner.
 *
 * @returns the configuration, with the secrets where the owner can read them
 * @throws {CommandError} 78 when it cannot be made
 */
export async function prepareStateDir(request: OwnerRequest): Promise<BuilderMachineConfig> {
  try {
    await mkdir(request.config.builder.stateDir, { recursive: true });
  } catch (cause) {
    const message = `cannot make builder.stateDir: ${reasonOf(cause)}: make it, and give it to the user who runs this`;
    throw new CommandError(message, EXIT.configuration, { cause });
  }
  return actAsOwner(request);
}
