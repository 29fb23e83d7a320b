import type { NixCapabilities } from "../capabilities.ts";
import { nixArgv, type NixCommand, positional } from "../command.ts";
import { parsePathInfo, type PathInfoResult } from "../parse-path-info.ts";

/** Options of pathInfo. */
export interface PathInfoOptions {
  readonly paths: readonly [string, ...string[]];
  /** Answer for the whole closure; false by default. */
  readonly recursive?: boolean;
  /** Also tell the size of each path's closure, which costs a walk per path; false by default. */
  readonly closureSize?: boolean;
}

/** Looks up what the store knows of paths. */
export function pathInfo(
  options: PathInfoOptions,
  capabilities: NixCapabilities,
): NixCommand<PathInfoResult> {
  return {
    program: "nix",
    name: "nix path-info",
    argv: nixArgv(
      "path-info",
      "--json",
      ...(capabilities.pathInfoJsonFormat ? ["--json-format", "1"] : []),
      ...(options.recursive === true ? ["--recursive"] : []),
      ...(options.closureSize === true ? ["--closure-size"] : []),
      ...options.paths.map(positional),
    ),
    failureCode: "ERR_NIX_FAILED",
    parse: ({ stdout }) => parsePathInfo(JSON.parse(stdout)),
  };
}
