import { writeFile } from "node:fs/promises";

import { makePrivateNix } from "@nix-cache/tooling-parts";
import { execa } from "execa";
import { onTestFinished } from "vitest";

/** What both apps need to be run, all of it below one directory. */
export interface Site {
  readonly root: string;
  /** The configuration file. */
  readonly config: string;
  readonly socket: string;
}

/** Makes a store, a signing key, a repository with a flake, and the configuration that names them. */
export async function makeSite(): Promise<Site> {
  const nix = makePrivateNix();
  onTestFinished(() => nix[Symbol.dispose]());
  const { root } = nix;
  nix.run("nix-store", "--init");
  nix.run("nix-store", "--generate-binary-cache-key", "test-1", `${root}/key`, `${root}/key.pub`);
  await execa("git", ["init", "--quiet", "--initial-branch=main", `${root}/repository`]);
  await writeFile(`${root}/repository/flake.nix`, "{ outputs = _: { }; }\n");
  const git = ["-C", `${root}/repository`, "-c", "user.name=Test", "-c", "user.email=test@example.org"];
  await execa("git", [...git, "add", "flake.nix"]);
  await execa("git", [...git, "commit", "--quiet", "--message=Flake"]);
  const socket = `${root}/socket`;
  await writeFile(
    `${root}/config.toml`,
    `[nix]
storeDir = "${nix.storeDir}"
stateDir = "${nix.stateDir}"
[builder]
flakeRepo = "${root}/repository"
hosts = ["a"]
flakePath = "${root}/builder/flake"
stateDir = "${root}/builder"
cacheDir = "${root}/cache"
rootsDir = "${root}/roots"
signingKeyFile = "${root}/key"
[cacheServer]
host = "unix:${socket}"
`,
  );
  return { root, config: `${root}/config.toml`, socket };
}
