import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, realpath, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import process from "node:process";

import { execa } from "execa";

import { copyCheckout } from "./copy-checkout.ts";
import { MEMBER_DIR } from "./evaluate.ts";
import { REAL_LIB } from "./lib-under-test.ts";
import { canSandbox } from "./sandbox.ts";

/** A copy of this checkout as a flake, a stand-in for nixpkgs, and a store to build it in. */
export interface FlakeSite extends AsyncDisposable {
  /** The copy, which a test may change. */
  readonly tree: string;
  readonly storeDir: string;
  readonly stateDir: string;
  /** Runs `nix` on the flake and gives its output. */
  readonly nix: (...argv: readonly string[]) => Promise<string>;
  /** Runs `nix-store` and gives the lines of its output. */
  readonly store: (...argv: readonly string[]) => Promise<readonly string[]>;
}

/** What a builder of the stand-in runs, all of it this machine's. */
const SYSTEM_DIRS = ["/bin", "/usr", "/lib", "/lib64"];

const REGISTRY = process.env["npm_config_registry"] ?? "https://registry.npmjs.org/";

/** Makes it with Nix's own settings, and not those of this machine. */
export async function makeFlakeSite(): Promise<FlakeSite> {
  const root = await realpath(await mkdtemp(`${tmpdir()}/flake-site-`));
  const dir = (name: string): string => `${root}/${name}`;
  await Promise.all(["etc", "home"].map((name) => mkdir(dir(name))));
  await writeFile(dir("etc/nix.conf"), formatNixConf());
  await copyCheckout(dir("tree"));
  await cp(`${MEMBER_DIR}/test/nixpkgs`, dir("nixpkgs"), { recursive: true });
  if (REAL_LIB !== undefined) await copyLib(REAL_LIB, dir("nixpkgs/nixpkgs-lib"));
  const host = { node: process.execPath, registry: REGISTRY.replace(/\/*$/, "/") };
  await writeFile(dir("nixpkgs/host.json"), JSON.stringify(host));
  const env = {
    HOME: dir("home"),
    NIX_STORE_DIR: dir("store"),
    NIX_STATE_DIR: dir("state"),
    NIX_LOG_DIR: dir("log"),
    NIX_LOCALSTATE_DIR: dir("state"),
    NIX_CONF_DIR: dir("etc"),
    NIX_REMOTE: "",
  };
  return {
    tree: dir("tree"),
    storeDir: env.NIX_STORE_DIR,
    stateDir: env.NIX_STATE_DIR,
    async nix(...argv) {
      const inputs = ["--no-write-lock-file", "--override-input", "nixpkgs", `path:${dir("nixpkgs")}`];
      const { stdout } = await execa("nix", [...argv, ...inputs], { cwd: dir("tree"), env });
      return stdout;
    },
    async store(...argv) {
      const { stdout } = await execa("nix-store", argv, { env });
      return stdout.split("\n");
    },
    async [Symbol.asyncDispose]() {
      await execa("chmod", ["-R", "u+w", root]);
      await execa("rm", ["-rf", root]);
    },
  };
}

/** From a checkout of nixpkgs, or of its `lib` alone. */
async function copyLib(checkout: string, destination: string): Promise<void> {
  const inCheckout = `${checkout}/lib`;
  await cp(existsSync(inCheckout) ? inCheckout : checkout, destination, { recursive: true });
}

function formatNixConf(): string {
  return `
sandbox = ${canSandbox()}
sandbox-fallback = false
max-jobs = 8
sandbox-paths = ${listSandboxPaths().join(" ")}
build-users-group =
substituters =
experimental-features = nix-command flakes
`;
}

/** Never a path in one that is let in already: Nix would make an empty file of it first, on this machine. */
function listSandboxPaths(): readonly string[] {
  const nodeDir = dirname(process.execPath);
  return SYSTEM_DIRS.some((directory) => nodeDir.startsWith(directory))
    ? SYSTEM_DIRS
    : [...SYSTEM_DIRS, nodeDir];
}
