import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A Nix store of a test's own, driven by the real nix on PATH and removed at the end of its scope. */
export interface PrivateNix extends Disposable {
  readonly storeDir: string;
  readonly stateDir: string;
  /** A directory outside the store that builders may use. */
  readonly scratch: string;
  /** Runs a nix command and gives its output's lines. */
  readonly run: (command: string, ...args: readonly string[]) => string[];
  /** Starts a nix command and leaves it running. */
  readonly start: (command: string, ...args: readonly string[]) => ChildProcess;
}

/** Settings that let an ordinary user, or root without the group nixbld, build without a network. */
const NIX_CONF = `
sandbox = false
build-users-group =
substituters =
experimental-features = nix-command
`;

/** Makes an empty store below the directory for temporary files. */
export function makePrivateNix(): PrivateNix {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "store-db-nix-")));
  const dir = (name: string): string => join(root, name);
  mkdirSync(dir("etc"));
  mkdirSync(dir("scratch"));
  writeFileSync(join(dir("etc"), "nix.conf"), NIX_CONF);
  const env = {
    PATH: process.env["PATH"],
    HOME: dir("home"),
    NIX_STORE_DIR: dir("store"),
    NIX_STATE_DIR: dir("state"),
    NIX_LOG_DIR: dir("log"),
    NIX_LOCALSTATE_DIR: dir("state"),
    NIX_CONF_DIR: dir("etc"),
    NIX_REMOTE: "",
  };
  return {
    storeDir: env.NIX_STORE_DIR,
    stateDir: env.NIX_STATE_DIR,
    scratch: dir("scratch"),
    run: (command, ...args) =>
      execFileSync(command, args, { env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })
        .trimEnd()
        .split("\n"),
    start: (command, ...args) => spawn(command, args, { env, stdio: "ignore" }),
    [Symbol.dispose]() {
      execFileSync("chmod", ["-R", "u+w", root]);
      rmSync(root, { recursive: true });
    },
  };
}

/** A Nix expression that builds with the shell of the system alone. */
export function shellDerivation(name: string, script: string, extra = ""): string {
  return `derivation {
    name = "${name}"; system = builtins.currentSystem; builder = "/bin/sh";
    PATH = "/bin:/usr/bin"; args = [ "-c" ''${script}'' ]; ${extra}
  }`;
}
