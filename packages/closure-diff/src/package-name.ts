/** A store path's name, taken apart. */
export interface PackageName {
  readonly name: string;
  /** Empty where there is none. */
  readonly version: string;
}

/** 160 bits in nix base 32, before the name. */
const HASH_PART = /^[0-9abcdfghijklmnpqrsvwxyz]{32}-/;

/** Nix takes this for an output; it cannot tell one from a suffix of the version such as `-unstable`. */
const OUTPUT = /-(?:[a-z]+|lib32|lib64)$/;

/** Gives the name of a store path: its last component without the hash part. */
export function storePathName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(HASH_PART, "");
}

/**
 * Splits a store path's name as Nix does: the version starts after the first dash that no letter follows.
 *
 * An output's name that ends a version is left out, as in `nix store diff-closures`. Unlike there, one that ends a name
 * without version stays: `system-path` is no output of `system`.
 *
 * @see DrvName in Nix's src/libstore/names.cc, getClosureInfo in its src/nix/diff-closures.cc
 */
export function parsePackageName(fullName: string): PackageName {
  const withoutOutput = splitVersion(fullName.replace(OUTPUT, ""));
  return withoutOutput.version === "" ? splitVersion(fullName) : withoutOutput;
}

function splitVersion(fullName: string): PackageName {
  const split = fullName.search(/-[^A-Za-z]/);
  if (split === -1) return { name: fullName, version: "" };
  return { name: fullName.slice(0, split), version: fullName.slice(split + 1) };
}
