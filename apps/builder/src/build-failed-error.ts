import type { FailedDerivation, RealiseResult } from "@nix-cache/nix-exec";

type FailedResult = Extract<RealiseResult, { type: "failed" }>;

/** A host whose closure could not be built, and how its builds failed. */
export class BuildFailedError extends Error {
  override readonly name = "BuildFailedError";
  /** How the builds failed: in the words of Nix's exit status, or of its log where that says more. */
  readonly failures: readonly string[];

  constructor({ exitCode, failures }: FailedResult, derivations: readonly FailedDerivation[]) {
    const named = derivations.map(({ drvPath, message }) => message || drvPath);
    super(named.length > 0 ? named.join("\n") : `nix-store --realise ended with status ${exitCode}`);
    const told = derivations.map(({ reason }) => reason).filter((reason) => reason !== "unknown");
    this.failures = [...new Set(told.length > 0 ? told : failures)];
  }
}
