import type { NixCapabilities } from "../capabilities.ts";
import { nixArgv, type NixCommand, positional } from "../command.ts";

/** Options of pingStore. */
export interface PingStoreOptions {
  /** Address of the store, such as `ssh-ng://builder`. */
  readonly store: string;
}

/** Connects to another store, over ssh with that machine's Nix, and asks for nothing. */
export function pingStore({ store }: PingStoreOptions, capabilities: NixCapabilities): NixCommand<undefined> {
  const word = capabilities.storeInfo ? "info" : "ping";
  return {
    program: "nix",
    name: `nix store ${word}`,
    argv: nixArgv("store", word, "--store", positional(store)),
    failureCode: "ERR_NIX_STORE",
    parse: () => undefined,
  };
}
