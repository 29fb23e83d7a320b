import type { FailedHost } from "@nix-cache/history";
import { NixError } from "@nix-cache/nix-exec";

import { BuildFailedError } from "./build-failed-error.ts";
import { reasonOf } from "./reason.ts";

/** The part of a run that a host can fail in. */
export type HostStep = FailedHost["failedStep"];

/** Why a host could not be brought to publication: the step that failed, with what it threw as cause. */
export class HostStepError extends Error {
  override readonly name = "HostStepError";
  readonly step: HostStep;

  constructor(step: HostStep, cause: unknown) {
    super(reasonOf(cause), { cause });
    this.step = step;
  }
}

/** Names the kind of a failure, for statistics and retries: an error code, or how the builds failed. */
export function failureClassOf(error: unknown): string {
  if (error instanceof BuildFailedError) return error.failures.join("+") || "builder";
  return error instanceof NixError ? error.code : "unexpected";
}
