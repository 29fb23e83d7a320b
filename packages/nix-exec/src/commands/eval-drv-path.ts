import type { NixCapabilities } from "../capabilities.ts";
import { nixArgv, type NixCommand, positional } from "../command.ts";
import { formatHostInstallable } from "../flake-ref.ts";
import { FLAKE_ARGUMENTS } from "./flake-arguments.ts";
import { lockArguments, type LockOptions } from "./lock-arguments.ts";

/** Options of evalDrvPath. */
export interface EvalDrvPathOptions extends LockOptions {
  readonly flakeRef: string;
  readonly host: string;
  /** Most memory that the evaluation may take, in bytes; without a limit when absent. Linux with util-linux alone. */
  readonly maxMemoryBytes?: number;
}

/** Evaluates a host to the path of its system's derivation, and writes the derivation to the store, unrooted. */
export function evalDrvPath(options: EvalDrvPathOptions, capabilities: NixCapabilities): NixCommand<string> {
  const { maxMemoryBytes } = options;
  const attribute = "config.system.build.toplevel.drvPath";
  return {
    program: "nix",
    name: "nix eval",
    argv: nixArgv(
      "eval",
      "--raw",
      formatHostInstallable(positional(options.flakeRef), options.host, attribute),
      ...FLAKE_ARGUMENTS,
      ...lockArguments(options, capabilities),
    ),
    ...(maxMemoryBytes === undefined ? {} : { maxMemoryBytes }),
    failureCode: "ERR_NIX_EVAL",
    parse: ({ stdout }) => {
      if (!/^\/\S+\.drv$/.test(stdout)) throw new TypeError("expected the path of a derivation");
      return stdout;
    },
  };
}
