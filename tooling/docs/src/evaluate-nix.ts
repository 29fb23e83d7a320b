import process from "node:process";

import { execa } from "execa";

/**
 * Evaluates Nix without a store, to plain data.
 *
 * @param args a file, or `--expr` and an expression
 */
export async function evaluateNix(...args: readonly string[]): Promise<unknown> {
  const { NIX_CACHE_TEST_NIXPKGS_LIB: _, ...env } = process.env;
  const { stdout } = await execa(
    "nix-instantiate",
    ["--store", "dummy://", "--eval", "--strict", "--json", ...args],
    // The modules' tests take another lib where a variable names one, whose texts are other ones.
    { env, extendEnv: false },
  );
  return JSON.parse(stdout);
}
