import { NixError } from "@nix-cache/nix-exec";

import type { CommandError } from "../command-error.ts";

/** Whether Nix could not be opened for want of the file of access tokens. */
export function hasUnusableTokens({ cause }: CommandError): boolean {
  return cause instanceof NixError && cause.code === "ERR_NIX_ACCESS_TOKENS";
}
