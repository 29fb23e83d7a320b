import type { Nix } from "@nix-cache/nix-exec";

import type { BuilderState } from "./builder-state.ts";
import type { GitSource } from "./git/git-source.ts";

/** The world, as the steps of a run see it. */
export interface RunDeps extends BuilderState {
  readonly git: GitSource;
  readonly nix: Nix;
}
