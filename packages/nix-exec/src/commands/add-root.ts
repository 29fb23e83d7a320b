import { type NixCommand, positional } from "../command.ts";

/** Options of addRoot. */
export interface AddRootOptions {
  /** Valid store path. */
  readonly path: string;
  /** Absolute path of the link to make and register; a link to another store path is replaced atomically. */
  readonly root: string;
}

/**
 * Makes a GC root. Nix does it, not this process: it takes a temporary root first, so that a collection that
 * is running does not miss the new one.
 */
export function addRoot(options: AddRootOptions): NixCommand<undefined> {
  return {
    program: "nix-store",
    name: "nix-store --realise",
    argv: ["--realise", positional(options.path), "--add-root", options.root],
    failureCode: "ERR_NIX_FAILED",
    parse: () => undefined,
  };
}
