import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

import type { TempDir } from "./temp-dir.ts";

const run = promisify(execFile);

/** Dumps a path with the real nix-store on PATH; fails when there is none. */
export async function dumpWithNix(path: string, state: TempDir): Promise<Uint8Array> {
  requireNix();
  const options = { env: privateStore(state), encoding: "buffer", maxBuffer: 2 ** 30 } as const;
  const { stdout } = await run("nix-store", ["--dump", path], options);
  return new Uint8Array(stdout);
}

/** Restores a NAR with the real nix-store on PATH; fails when there is none. */
export function restoreWithNix(nar: Uint8Array, destination: string, state: TempDir): void {
  requireNix();
  execFileSync("nix-store", ["--restore", destination], {
    env: privateStore(state),
    input: nar,
    stdio: ["pipe", "ignore", "pipe"],
  });
}

function requireNix(): void {
  const directories = (process.env["PATH"] ?? "").split(delimiter);
  if (directories.some((directory) => existsSync(join(directory, "nix-store")))) return;
  throw new Error("these tests compare with real Nix, and there is no nix-store on PATH: install Nix");
}

/** nix-store opens a store even to dump a path; this one is nobody else's. */
function privateStore(state: TempDir): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"],
    HOME: state.at("home"),
    NIX_STORE_DIR: state.at("store"),
    NIX_STATE_DIR: state.at("state"),
    NIX_LOCALSTATE_DIR: state.at("state"),
    NIX_LOG_DIR: state.at("log"),
    NIX_CONF_DIR: state.at("conf"),
    NIX_REMOTE: "",
    NIX_CONFIG: "build-users-group =",
  };
}
