import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";

import { execa } from "execa";

/** A fixed author and date: the same template gives the same commit on every machine. */
const IDENTITY = {
  GIT_AUTHOR_NAME: "demo",
  GIT_AUTHOR_EMAIL: "demo@localhost",
  GIT_AUTHOR_DATE: "2026-11-01T00:00:00Z",
  GIT_COMMITTER_NAME: "demo",
  GIT_COMMITTER_EMAIL: "demo@localhost",
  GIT_COMMITTER_DATE: "2026-11-01T00:00:00Z",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
};

/**
 * Commits a copy of a directory to a git repository on branch main, made when missing. Nothing is committed when
 * nothing has changed.
 *
 * @param template directory to copy
 * @param repository directory of the repository
 * @param values texts to put in, by the text in the template that they replace
 */
export async function commitTemplate(
  template: string,
  repository: string,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  await mkdir(repository, { recursive: true });
  await git(repository, ["init", "--quiet", "--initial-branch=main"]);
  for (const name of await readdir(repository)) {
    if (name !== ".git") await rm(`${repository}/${name}`, { recursive: true });
  }
  await cp(template, repository, { recursive: true });
  await fillIn(repository, values);
  await git(repository, ["add", "--all"]);
  const { exitCode } = await git(repository, ["diff", "--cached", "--quiet"], { reject: false });
  if (exitCode !== 0) await git(repository, ["commit", "--quiet", "--message=Describe the fleet"]);
}

async function fillIn(repository: string, values: Readonly<Record<string, string>>): Promise<void> {
  const entries = Object.entries(values);
  for (const name of await readdir(repository)) {
    if (!name.endsWith(".nix")) continue;
    const file = `${repository}/${name}`;
    const text = await readFile(file, "utf8");
    await writeFile(
      file,
      entries.reduce((filled, [mark, value]) => filled.replaceAll(mark, value), text),
    );
  }
}

function git(
  cwd: string,
  args: readonly string[],
  options: { readonly reject?: boolean } = {},
): Promise<{ readonly exitCode?: number }> {
  return execa("git", args, { cwd, env: IDENTITY, reject: options.reject ?? true, stdin: "ignore" });
}
