import { mkdir, readFile, writeFile } from "node:fs/promises";

import { execa } from "execa";

/** What a host of the test flake holds, or how it fails. */
export type FleetHosts = Readonly<
  Record<string, { readonly text: string; readonly fails?: "evaluation" | "build" }>
>;

/** A git repository with the test flake. */
export interface Fleet {
  readonly directory: string;
  /** Commits other hosts; answers the new revision. */
  readonly commit: (hosts: FleetHosts) => Promise<string>;
  /** Runs the real git in the repository. */
  readonly git: (...args: readonly string[]) => Promise<string>;
}

const IDENTITY = {
  GIT_AUTHOR_NAME: "test",
  GIT_AUTHOR_EMAIL: "test@localhost",
  GIT_COMMITTER_NAME: "test",
  GIT_COMMITTER_EMAIL: "test@localhost",
  GIT_CONFIG_GLOBAL: "/dev/null",
};

/** Makes the repository, with a first commit on branch main. */
export async function createFleet(directory: string, hosts: FleetHosts): Promise<Fleet> {
  await mkdir(directory, { recursive: true });
  const git = async (...args: readonly string[]): Promise<string> =>
    (await execa("git", args, { cwd: directory, env: IDENTITY })).stdout;
  await git("init", "--quiet", "--initial-branch=main");
  const template = await readFile(`${import.meta.dirname}/flake.nix`, "utf8");
  await writeFile(`${directory}/flake.nix`, template.replace("@system@", nixSystem()));
  const fleet: Fleet = {
    directory,
    git,
    commit: async (changed) => {
      await writeFile(`${directory}/hosts.json`, JSON.stringify(changed));
      await git("add", "--all");
      await git("commit", "--quiet", "--message=Change the hosts");
      return git("rev-parse", "HEAD");
    },
  };
  await fleet.commit(hosts);
  return fleet;
}

function nixSystem(): string {
  return `${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux`;
}
