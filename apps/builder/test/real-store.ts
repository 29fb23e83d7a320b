import { mkdir, mkdtemp, realpath, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import process from "node:process";

import { type Nix, openNix } from "@nix-cache/nix-exec";
import { execa } from "execa";
import { onTestFinished } from "vitest";

/** No sandbox and no build users: works as root and as an ordinary user, with /nix or without. */
const NIX_CONF = `sandbox = false
build-users-group =
substituters =
experimental-features = nix-command
`;

/** A Nix store of a test's own. */
export interface RealStore {
  readonly directory: string;
  readonly nix: Nix;
  /** What a configuration says of it. */
  readonly config: { readonly storeDir: string; readonly realStoreDir: string };
  /** Builds what a file of Nix makes of an argument, and gives its store path. */
  readonly build: (file: string, argument: unknown) => Promise<string>;
  /** Runs a command of Nix, and gives what it prints. */
  readonly run: (command: string, ...args: readonly string[]) => Promise<string>;
}

/** Makes an empty store that goes when the current test ends. */
export async function realStoreForTest(): Promise<RealStore> {
  // Nix refuses store directories with symlinks in them.
  const directory = await realpath(await mkdtemp(`${tmpdir()}/builder-store-`));
  onTestFinished(async () => {
    // Store paths are read-only directories, which only root removes as they are.
    await execa("chmod", ["-R", "u+w", directory]);
    await execa("rm", ["-r", directory]);
  });
  await mkdir(`${directory}/conf`);
  await writeFile(`${directory}/conf/nix.conf`, NIX_CONF);
  const store = {
    storeDir: `${directory}/store`,
    stateDir: `${directory}/state`,
    logDir: `${directory}/log`,
  };
  const env = {
    PATH: process.env["PATH"],
    HOME: directory,
    NIX_CONF_DIR: `${directory}/conf`,
    // What another Nix on PATH needs, such as one outside its Debian.
    NIX_CONFIG: process.env["NIX_CONFIG"],
    NIX_STORE_DIR: store.storeDir,
    NIX_STATE_DIR: store.stateDir,
    NIX_LOG_DIR: store.logDir,
    NIX_REMOTE: "",
    NO_COLOR: "1",
  };
  const run = async (command: string, ...args: readonly string[]): Promise<string> =>
    (await execa(command, args, { env, extendEnv: false })).stdout;
  return {
    directory,
    nix: await openNix({ env, store }),
    config: { storeDir: store.storeDir, realStoreDir: store.storeDir },
    run,
    build: async (file, argument) => {
      await writeFile(`${directory}/argument.json`, JSON.stringify(argument));
      const system = `${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux`;
      const value = `builtins.fromJSON (builtins.readFile ${directory}/argument.json)`;
      const expression = `import ${file} { system = "${system}"; } (${value})`;
      const built = JSON.parse(
        await run("nix", "build", "--no-link", "--json", "--impure", "--expr", expression),
      );
      return built[0].outputs.out;
    },
  };
}
