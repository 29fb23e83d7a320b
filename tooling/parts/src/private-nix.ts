import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** A Nix store of a test's own, driven by the real nix on PATH and removed at the end of its scope. */
export interface PrivateNix extends Disposable {
  /** Holds everything below; its parent is the directory for temporary files. */
  readonly root: string;
  readonly storeDir: string;
  readonly stateDir: string;
  /** A directory outside the store that builders may use. */
  readonly scratch: string;
  /** Runs a nix command and gives its output's lines. */
  readonly run: (command: string, ...args: readonly string[]) => string[];
  /** The same without blocking this process, which may be the server that the command talks to. */
  readonly runAsync: (command: string, ...args: readonly string[]) => Promise<string[]>;
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
  const root = realpathSync(mkdtempSync(join(tmpdir(), "private-nix-")));
  const dir = (name: string): string => join(root, name);
  mkdirSync(dir("etc"));
  mkdirSync(dir("scratch"));
  writeFileSync(dir("etc/nix.conf"), NIX_CONF);
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
    root,
    storeDir: env.NIX_STORE_DIR,
    stateDir: env.NIX_STATE_DIR,
    scratch: dir("scratch"),
    run: (command, ...args) =>
      toLines(execFileSync(command, args, { env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })),
    runAsync: async (command, ...args) => toLines((await promisify(execFile)(command, args, { env })).stdout),
    start: (command, ...args) => spawn(command, args, { env, stdio: "ignore" }),
    [Symbol.dispose]() {
      execFileSync("chmod", ["-R", "u+w", root]);
      rmSync(root, { recursive: true });
    },
  };
}

function toLines(output: string): string[] {
  return output.trimEnd().split("\n");
}
