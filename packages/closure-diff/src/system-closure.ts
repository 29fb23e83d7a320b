import type { SystemFacts } from "./system-facts.ts";

/** A store path of a closure, as `nix path-info` gives it. */
export interface ClosurePath {
  /** Bytes of its NAR. */
  readonly narSize: number;
  /** Full store paths. */
  readonly references: readonly string[];
}

/** The closure of a NixOS system, or of any other store path. */
export interface SystemClosure {
  /** Store path of `system.build.toplevel`. */
  readonly toplevel: string;
  /** Every path of the closure, the toplevel included; may hold more. */
  readonly paths: ReadonlyMap<string, ClosurePath>;
  /** What the files of the toplevel say; where either closure has none, nothing is said of reboots, units and etc. */
  readonly facts?: SystemFacts;
}
