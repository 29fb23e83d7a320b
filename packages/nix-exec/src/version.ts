import { NixError } from "./nix-error.ts";

/** Who made the `nix` that was found. */
export type NixImplementation = "nix" | "lix" | "determinate";

/**
 * What `nix --version` says. Lix counts on its own from 2.90; Determinate's numbers here are those of the
 * upstream release that it is based on.
 */
export interface NixVersion {
  readonly implementation: NixImplementation;
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** Determinate's own version, such as `3.22.2`. */
  readonly determinate?: string;
  /** The line as printed. */
  readonly text: string;
}

const VERSION_LINE = /^nix \((Nix|Lix, like Nix|Determinate Nix ([\d.]+))\) (\d+)\.(\d+)(?:\.(\d+))?/;

/**
 * Parses the output of `nix --version`.
 *
 * @param output - for example `nix (Nix) 2.8.0`
 * @returns the implementation and its version
 * @throws NixError ERR_NIX_VERSION when the line has none of the three known forms
 * @example parseNixVersion("nix (Lix, like Nix) 2.93.0").implementation // "lix"
 */
export function parseNixVersion(output: string): NixVersion {
  const text = output.trim().split("\n", 1)[0] ?? "";
  const [, product, determinate, major, minor, patch] = VERSION_LINE.exec(text) ?? [];
  if (product === undefined) {
    throw new NixError(
      "ERR_NIX_VERSION",
      `expected nix --version to print "nix (Nix) 2.x", or Lix's or Determinate's form of it, got ${JSON.stringify(text.slice(0, 100))}`,
    );
  }
  const numbers = { major: Number(major), minor: Number(minor), patch: Number(patch ?? 0) };
  if (determinate !== undefined) return { implementation: "determinate", ...numbers, determinate, text };
  return { implementation: product === "Nix" ? "nix" : "lix", ...numbers, text };
}

/** Says whether a version is at least `major.minor`. */
export function isAtLeast(version: NixVersion, major: number, minor: number): boolean {
  return version.major > major || (version.major === major && version.minor >= minor);
}
