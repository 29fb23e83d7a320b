import { NixError } from "./nix-error.ts";

/** Who made the `nix` that was found. */
export type NixImplementation = "nix" | "lix" | "determinate";

/** The numbers of a release. */
export interface ReleaseNumbers {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/**
 * What `nix --version` says. Lix counts on its own from 2.90; Determinate's numbers here are those of the
 * upstream release that it is based on.
 */
export interface NixVersion extends ReleaseNumbers {
  readonly implementation: NixImplementation;
  /** Determinate's own numbers, such as those of `3.22.2`. */
  readonly determinate?: ReleaseNumbers;
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
  if (determinate !== undefined) {
    return { implementation: "determinate", ...numbers, determinate: readNumbers(determinate), text };
  }
  return { implementation: product === "Nix" ? "nix" : "lix", ...numbers, text };
}

function readNumbers(text: string): ReleaseNumbers {
  const [major = 0, minor = 0, patch = 0] = text.split(".").map(Number);
  return { major, minor, patch };
}

/** Says whether a version is a release or newer; pre-releases count as the release that they lead to. */
export function isAtLeast(
  version: ReleaseNumbers,
  [major, minor, patch = 0]: readonly [major: number, minor: number, patch?: number],
): boolean {
  if (version.major !== major) return version.major > major;
  if (version.minor !== minor) return version.minor > minor;
  return version.patch >= patch;
}
