import type { NixCommand } from "../command.ts";
import { parseNixVersion, type NixVersion } from "../version.ts";

/** Asks Nix for its version. */
export function showVersion(): NixCommand<NixVersion> {
  return {
    program: "nix",
    name: "nix --version",
    argv: ["--version"],
    failureCode: "ERR_NIX_VERSION",
    parse: ({ stdout }) => parseNixVersion(stdout),
  };
}
