import type { NixCapabilities } from "../capabilities.ts";
import { nixArgv, type NixCommand, positional } from "../command.ts";
import { expectStrings } from "../json.ts";
import { FLAKE_ARGUMENTS } from "./flake-arguments.ts";
import { lockArguments, type LockOptions } from "./lock-arguments.ts";

/** Options of evalHostNames. */
export interface EvalHostNamesOptions extends LockOptions {
  readonly flakeRef: string;
}

/** Lists the names below nixosConfigurations, sorted, without evaluating any host. */
export function evalHostNames(
  options: EvalHostNamesOptions,
  capabilities: NixCapabilities,
): NixCommand<readonly string[]> {
  return {
    program: "nix",
    name: "nix eval",
    argv: nixArgv(
      "eval",
      "--json",
      `${positional(options.flakeRef)}#nixosConfigurations`,
      "--apply",
      "builtins.attrNames",
      ...FLAKE_ARGUMENTS,
      ...lockArguments(options, capabilities),
    ),
    failureCode: "ERR_NIX_EVAL",
    parse: ({ stdout }) => expectStrings(JSON.parse(stdout), "the attribute names"),
  };
}
