import { readFile } from "node:fs/promises";

import type { BuilderConfig } from "@nix-cache/config";

import { CommandError } from "../command-error.ts";
import { isErrno } from "../errno.ts";
import { EXIT } from "../exit-codes.ts";
import { placesOf } from "../places.ts";
import { reasonOf } from "../reason.ts";

/**
 * Reads a file that a run kept.
 *
 * @throws {@link CommandError} 1 when it is gone or may not be read
 */
export async function readRunFile(config: BuilderConfig, run: string, name: string): Promise<Buffer> {
  const file = `${placesOf(config).runDir(run)}/${name}`;
  try {
    return await readFile(file);
  } catch (cause) {
    throw runFileError(file, cause);
  }
}

/** Says why a file of a run cannot be read. */
export function runFileError(file: string, cause: unknown): unknown {
  if (isErrno(cause, "ENOENT"))
    return new CommandError(`there is no ${file}: the run did not write it, or it was removed`, EXIT.failed, {
      cause,
    });
  if (isErrno(cause, "EACCES", "EPERM")) return new CommandError(reasonOf(cause), EXIT.failed, { cause });
  return cause;
}
