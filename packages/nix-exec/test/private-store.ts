import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import type { OpenNixOptions } from "../src/index.ts";

const run = promisify(execFile);

/**
 * The Nix to test: one of Debian's under vitest.full.config.ts, else the one on PATH.
 * Its directory goes first on PATH too, for tests that run Nix on their own.
 */
const BIN_DIR = process.env["NIX_EXEC_BIN_DIR"];

/** Names the Nix to test in titles. */
export const NIX_UNDER_TEST: string =
  BIN_DIR === undefined ? "the Nix on PATH" : `the Nix of ${process.env["NIX_EXEC_SUITE"]}`;

/** No sandbox and no build users: works as root and as an ordinary user, with /nix or without. */
const NIX_CONF = `sandbox = false
build-users-group =
substituters =
experimental-features = nix-command flakes
`;

/**
 * Says that there are no remote builders. Nix would start itself to say so, which Debian's outside its Debian cannot;
 * an empty `build-hook` makes 2.8 fail or not, as it happens.
 */
const BUILD_HOOK = "#!/bin/sh\necho '# decline-permanently' >&2\nexec cat >/dev/null\n";

/** Made from the seed 00 01 … 1f; protects nothing. */
export const SECRET_KEY: string =
  "test-1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==";
export const PUBLIC_KEY: string = "test-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";

/** A Nix store of its own below a temporary directory. */
export interface PrivateStore extends AsyncDisposable {
  readonly directory: string;
  readonly options: OpenNixOptions;
}

/** Creates an empty store; disposing it removes everything. */
export async function createPrivateStore(): Promise<PrivateStore> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), "nix-exec-")));
  await mkdir(join(directory, "home"));
  await mkdir(join(directory, "conf"));
  const hook = join(directory, "conf/build-hook");
  await writeFile(hook, BUILD_HOOK, { mode: 0o755 });
  await writeFile(join(directory, "conf/nix.conf"), `${NIX_CONF}build-hook = ${hook}\n`);
  const env = {
    PATH: [...(BIN_DIR === undefined ? [] : [BIN_DIR]), process.env["PATH"]].join(":"),
    HOME: join(directory, "home"),
    NIX_CONF_DIR: join(directory, "conf"),
    NIX_USER_CONF_FILES: "",
  };
  const store = {
    storeDir: join(directory, "store"),
    stateDir: join(directory, "state"),
    logDir: join(directory, "log"),
  };
  return {
    directory,
    options: { env, store, ...(BIN_DIR === undefined ? {} : { binDir: BIN_DIR }) },
    async [Symbol.asyncDispose]() {
      // Store paths are read-only directories, which only root removes as they are.
      await run("chmod", ["-R", "u+w", directory]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Runs git in a repository; returns what it prints. */
export async function runGit(directory: string, ...argv: readonly string[]): Promise<string> {
  const env = { PATH: process.env["PATH"], HOME: directory, GIT_CONFIG_NOSYSTEM: "1" };
  const identity = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
  const { stdout } = await run("git", ["-C", directory, ...identity, ...argv], { env });
  return stdout.trim();
}

/** Commits files to a repository, which is made when there is none; returns the commit. */
export async function commitFiles(
  directory: string,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  await mkdir(directory, { recursive: true });
  await runGit(directory, "init", "--quiet", "--initial-branch=main");
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content);
  await runGit(directory, "add", "--all");
  await runGit(directory, "commit", "--quiet", "--message=change");
  return runGit(directory, "rev-parse", "HEAD");
}

/** A flake of hosts that build without nixpkgs and without a network; its input is a git repository. */
export function formatFlake(inputDirectory: string): string {
  return `{
  inputs.dep.url = "git+file://${inputDirectory}";
  outputs = { self, dep }: let
    mk = name: script: derivation {
      inherit name;
      inherit (dep) system;
      builder = "/bin/sh";
      args = [ "-c" script ];
      PATH = "/usr/bin:/bin";
    };
    host = name: script: { config.system.build.toplevel = mk name script; };
    lib = mk "lib" "echo making lib; echo lib > $out";
    bad = mk "bad" "echo about to fail; echo boom >&2; exit 3";
    fixed = derivation {
      name = "fixed";
      inherit (lib) system builder PATH;
      args = [ "-c" "echo wrong > $out" ];
      outputHashAlgo = "sha256";
      outputHashMode = "flat";
      outputHash = "0000000000000000000000000000000000000000000000000000000000000000";
    };
  in {
    nixosConfigurations = {
      ok = host "nixos-system-ok-\${dep.version}" "echo \${lib} > $out; echo $out >> $out";
      "we.b" = host "nixos-system-web-1" "echo web > $out";
      broken = host "nixos-system-broken-1" "echo \${bad} \${lib} > $out";
      switched = host "nixos-system-switched-1" "test -e ${inputDirectory}/may-build && echo switched > $out";
      silent = host "nixos-system-silent-1" "echo $$; exec sleep 300";
      mismatch = host "nixos-system-mismatch-1" "cat \${fixed} > $out";
      foreign.config.system.build.toplevel = derivation {
        name = "nixos-system-foreign-1";
        system = "mips-linux";
        inherit (lib) builder;
      };
      evalfail.config.system.build.toplevel = throw "no such option services.foo";
    };
  };
}
`;
}

/** The flake that the one above has as input. */
export function formatInput(version: string): string {
  const system = process.arch === "arm64" ? "aarch64-linux" : "x86_64-linux";
  return `{ outputs = { self }: { version = "${version}"; system = "${system}"; }; }\n`;
}
