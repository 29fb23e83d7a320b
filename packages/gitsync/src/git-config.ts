/** Which branch of which repository a checkout follows. */
export interface Upstream {
  /** Address of the repository, as the caller gave it. */
  readonly url: string;
  /** Name of the branch, without refs/heads/. */
  readonly branch: string;
}

/**
 * Formats `.git/config` of a checkout. Modes and symlinks count, names are what they are, and no line ending is
 * converted, whatever the user's own configuration says: the files are written as the repository has them.
 *
 * @see https://git-scm.com/docs/git-config#_syntax
 */
export function formatGitConfig({ url, branch }: Upstream): string {
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
[branch ${quote(branch)}]
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
