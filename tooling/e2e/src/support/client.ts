import { mkdir } from "node:fs/promises";

import { execa } from "execa";

import { type CommandEnd, NIX_CONFIG, toEnd } from "./command.ts";
import { makeTempDir } from "./temp-dir.ts";

/** Options of {@link createClient}. */
export interface ClientOptions {
  /** Store directory of the cache and of the client. */
  readonly storeDir: string;
  /** Public keys that the client trusts. */
  readonly trustedKeys: readonly string[];
  /** Directory of nix and nix-store; those on PATH when absent. */
  readonly binDir?: string;
}

/** A machine with an empty store that trusts certain keys and no unsigned path. */
export interface Client extends AsyncDisposable {
  /** Runs a command of Nix on the client's store. */
  readonly nix: (...argv: readonly [string, ...string[]]) => Promise<CommandEnd>;
}

/** Makes a client; its store goes at the end of the scope. */
export async function createClient(options: ClientOptions): Promise<Client> {
  const { path, remove } = await makeTempDir("client");
  await mkdir(`${path}/home`);
  const env = {
    HOME: `${path}/home`,
    NIX_STORE_DIR: options.storeDir,
    NIX_REMOTE: `local?root=${path}/root`,
    NIX_CONFIG: `${NIX_CONFIG}\nrequire-sigs = true\ntrusted-public-keys = ${options.trustedKeys.join(" ")}`,
    ...(options.binDir === undefined ? {} : { PATH: `${options.binDir}:${process.env["PATH"] ?? ""}` }),
  };
  return {
    nix: async (program, ...args) => toEnd(await execa(program, args, { env, reject: false })),
    [Symbol.asyncDispose]: remove,
  };
}
