import type { ObjectFilter } from "./partial-clone.ts";

/** Which branch of which repository a checkout follows. */
export interface Upstream {
  /** Address of the repository, as the caller gave it. */
  readonly url: string;
  /** Name of the branch, without refs/heads/. */
  readonly branch: string;
}

/** What a checkout's configuration says. */
export interface ConfigOptions extends Upstream {
  /** Which objects of the history were left at the remote, if any. */
  readonly filter?: ObjectFilter;
}

/**
 * Formats `.git/config` of a checkout. Modes and symlinks count, names are what they are, and no line ending is
 * converted, whatever the user's own configuration says: the files are written as the repository has them.
 *
 * @see https://git-scm.com/docs/git-config#_syntax
 */
export function formatGitConfig({ url, branch, filter }: ConfigOptions): string {
  const partial = filter === undefined ? "" : `\tpromisor = true\n\tpartialclonefilter = ${filter}\n`;
  return `[core]
	repositoryformatversion = 0
	filemode = true
	bare = false
	logallrefupdates = false
	symlinks = true
	ignorecase = false
	autocrlf = false
[remote "origin"]
	url = ${quote(url)}
	fetch = ${quote(formatRefspec(branch))}
${partial}[branch ${quote(branch)}]
	remote = origin
	merge = ${quote(`refs/heads/${branch}`)}
`;
}

/** The branch that a refspec of a single branch names. */
export function parseRefspec(refspec: string): string | undefined {
  const branch = /^\+?refs\/heads\/([^*:]+):/.exec(refspec)?.[1];
  return branch !== undefined && refspec.endsWith(formatRefspec(branch).slice(1)) ? branch : undefined;
}

function formatRefspec(branch: string): string {
  return `+refs/heads/${branch}:refs/remotes/origin/${branch}`;
}

function quote(value: string): string {
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
