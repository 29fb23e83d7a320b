import type { History } from "@nix-cache/history";
import type { Nix } from "@nix-cache/nix-exec";
import type { Logger } from "pino";

import type { GitSource } from "./git/git-source.ts";
import type { BuilderMachineConfig } from "./load-config.ts";
import type { Places } from "./places.ts";

/** The world, as the steps of a run see it. */
export interface RunDeps {
  readonly config: BuilderMachineConfig;
  readonly places: Places;
  readonly git: GitSource;
  readonly nix: Nix;
  readonly history: History;
  readonly log: Logger;
  readonly now: () => Date;
  /** Aborted when the run has to stop. */
  readonly signal: AbortSignal;
}
