/** A store path of a closure, as `nix path-info` gives it. */
export interface ClosurePath {
  /** Bytes of its NAR. */
  readonly narSize: number;
  /** Full store paths. */
  readonly references: readonly string[];
}

/** The closure of a NixOS system. */
export interface SystemClosure {
  /** Store path of `system.build.toplevel`. */
  readonly toplevel: string;
  /** Every path of the closure, the toplevel included; may hold more. */
  readonly paths: ReadonlyMap<string, ClosurePath>;
}
