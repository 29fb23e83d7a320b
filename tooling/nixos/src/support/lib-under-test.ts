import process from "node:process";

/** Checkout of nixpkgs, or of its `lib` alone; undefined where the test double stands in. */
export const REAL_LIB: string | undefined = process.env["NIX_CACHE_TEST_NIXPKGS_LIB"];

/** Which `lib` the modules are evaluated with, and what that leaves untested. */
export const LIB_UNDER_TEST: string =
  REAL_LIB === undefined
    ? "NixOS modules: evaluated with a test double of nixpkgs' lib (test/lib-double.nix). It misses the order of " +
      "definitions (mkBefore, mkAfter), freeform modules and lib's error texts; NixOS's own modules and packages are " +
      "doubles in either case. NIX_CACHE_TEST_NIXPKGS_LIB=<checkout of nixpkgs or of nixpkgs.lib> takes the real one."
    : `NixOS modules: evaluated with nixpkgs' own lib, ${REAL_LIB}. NixOS's own modules and packages are doubles: their ` +
      "option types, what collides with them, and whether the units start on NixOS are left to test by `nix flake check`.";
