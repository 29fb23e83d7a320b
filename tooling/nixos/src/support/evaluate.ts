import { dirname } from "node:path";

import { execa } from "execa";

/** The member's directory. */
export const MEMBER_DIR: string = dirname(dirname(import.meta.dirname));

/** What a configuration says on a machine that lacks nothing. */
export const COMPLETE = 'enable = true; flakeRepo = "git@example.org:fleet.git"; hosts = [ "desktop" ];';

/**
 * Evaluates an expression of the Nix language, with no store and nothing built.
 *
 * @throws with what Nix says when it does
 */
export async function evaluate<T>(expression: string): Promise<T> {
  const argv = ["--store", "dummy://", "--eval", "--strict", "--json", "--expr", expression];
  const { stdout } = await execa("nix-instantiate", argv);
  const value: T = JSON.parse(stdout);
  return value;
}

/**
 * Evaluates modules of NixOS beside both of ours.
 *
 * @param modules each an expression of the Nix language
 * @param selected what to tell of it: `it.config` is the configuration, `it.failed` are the messages of failed assertions
 */
export async function evaluateModules<T>(modules: readonly string[], selected: string): Promise<T> {
  const list = modules.map((module) => `(${module})`).join(" ");
  return evaluate(
    `let it = import ${MEMBER_DIR}/test/evaluate.nix { modules = [ ${list} ]; }; in ${selected}`,
  );
}

/** Messages of the assertions that a configuration fails, beside what is needed for it to be complete. */
export async function listFailures(...modules: readonly string[]): Promise<readonly string[]> {
  return evaluateModules([`{ services.nix-cache-builder = { ${COMPLETE} }; }`, ...modules], "it.failed");
}
