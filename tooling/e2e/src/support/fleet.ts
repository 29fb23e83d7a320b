import { mkdir, readFile, writeFile } from "node:fs/promises";

import { execa } from "execa";

/** What a host of the test flake holds, or how it fails. */
export type FleetHosts = Readonly<
  Record<
    string,
    {
      readonly text: string;
      /** Size of what it holds besides, in 10^6 bytes; nothing when absent. */
      readonly megabytes?: number;
      /** A file that its build waits for, outside of the store. */
      readonly waitsFor?: string;
      readonly fails?: "evaluation" | "build" | "never ends";
      /** Nix's name of the kind of machine that it is for; this one's when absent. */
      readonly system?: string;
    }
  >
>;

/** A git repository. */
export interface Repository {
  readonly directory: string;
  /** Writes a file and commits everything; answers the new revision. */
  readonly commitFile: (name: string, text: string) => Promise<string>;
  /** Runs the real git in the repository. */
  readonly git: (...args: readonly string[]) => Promise<string>;
}

/** A git repository with the test flake. */
export interface Fleet extends Repository {
  /** Commits other hosts; answers the new revision. */
  readonly commit: (hosts: FleetHosts) => Promise<string>;
}

const IDENTITY = {
  GIT_AUTHOR_NAME: "test",
  GIT_AUTHOR_EMAIL: "test@localhost",
  GIT_COMMITTER_NAME: "test",
  GIT_COMMITTER_EMAIL: "test@localhost",
  GIT_CONFIG_GLOBAL: "/dev/null",
};

/** Options of {@link createFleet}. */
export interface FleetOptions {
  /** A repository that the flake has as its input `common`; its file `text` ends every host's. */
  readonly input?: Repository;
}

/** Makes the flake's repository, with a first commit on branch main. */
export async function createFleet(
  directory: string,
  hosts: FleetHosts,
  { input }: FleetOptions = {},
): Promise<Fleet> {
  const repository = await createRepository(directory);
  const inputs = input === undefined ? "" : `"git+file://${input.directory}?ref=main"`;
  const flake = await formatFlake(inputs && `inputs.common = { url = ${inputs}; flake = false; };`);
  await writeFile(`${directory}/flake.nix`, flake);
  const commit = (changed: FleetHosts): Promise<string> =>
    repository.commitFile("hosts.json", JSON.stringify(changed));
  await commit(hosts);
  return { ...repository, commit };
}

/**
 * Writes the test flake.
 *
 * @param inputs the definition of its inputs, if any
 */
export async function formatFlake(inputs = ""): Promise<string> {
  const template = await readFile(`${import.meta.dirname}/flake.nix`, "utf8");
  return template.replace("@system@", nixSystem()).replace("# @inputs@", inputs);
}

/** Makes an empty repository. */
export async function createRepository(directory: string): Promise<Repository> {
  await mkdir(directory, { recursive: true });
  const git = async (...args: readonly string[]): Promise<string> =>
    (await execa("git", args, { cwd: directory, env: IDENTITY })).stdout;
  await git("init", "--quiet", "--initial-branch=main");
  return {
    directory,
    git,
    commitFile: async (name, text) => {
      await writeFile(`${directory}/${name}`, text);
      await git("add", "--all");
      await git("commit", "--quiet", "--message=Change a file");
      return git("rev-parse", "HEAD");
    },
  };
}

function nixSystem(): string {
  return `${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux`;
}
