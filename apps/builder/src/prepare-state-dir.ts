import { mkdir } from "node:fs/promises";

import { actAsOwner } from "./act-as-owner.ts";
import { CommandError } from "./command-error.ts";
import { EXIT } from "./exit-codes.ts";
import { reasonOf } from "./reason.ts";

/**
 * Makes stateDir when it is missing, and goes on as its owner.
 *
 * @throws {CommandError} 78 when it cannot be made
 */
export async function prepareStateDir(stateDir: string): Promise<void> {
  try {
    await mkdir(stateDir, { recursive: true });
  } catch (cause) {
    const message = `cannot make builder.stateDir: ${reasonOf(cause)}: make it, and give it to the user who runs this`;
    throw new CommandError(message, EXIT.configuration, { cause });
  }
  actAsOwner(stateDir);
}
