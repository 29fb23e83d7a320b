import type { BuildFailure } from "@nix-cache/nix-exec";

/** A host whose closure could not be built, and how its builds failed. */
export class BuildFailedError extends Error {
  override readonly name = "BuildFailedError";
  readonly failures: readonly BuildFailure[];

  constructor(message: string, failures: readonly BuildFailure[]) {
    super(message);
    this.failures = failures;
  }
}
