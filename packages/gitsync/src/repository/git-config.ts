import type { ObjectFilter } from "../engines/partial-clone.ts";

/** Which branch of which repository a checkout follows. */
export interface Upstream {
  /** Address of the repository, as the caller gave it. */
  readonly url: string;
  /** Name of the branch, without refs/heads/. */
  readonly branch: string;
}

/** A submodule, as the configuration of the repository that has it tells git. */
interface SubmoduleRemote {
  readonly name: string;
  /** Its address in full, without secrets. */
  readonly remote: string;
}

/** What the configuration of any repository says. */
interface CommonOptions {
  /** Which objects of the history were left at the remote, if any. */
  readonly filter?: ObjectFilter;
  /** Whether files of Git LFS have their contents. */
  readonly lfs?: boolean;
  /** The submodules whose directories are filled; none unless given. */
  readonly submodules?: readonly SubmoduleRemote[];
}

/** What a checkout's configuration says. */
export interface ConfigOptions extends Upstream, CommonOptions {}

/** What the configuration of a submodule's repository says. */
export interface ModuleConfigOptions extends CommonOptions {
  /** Its address in full, without secrets. */
  readonly url: string;
  /** Path of its work tree from its .git directory. */
  readonly worktree: string;
}

const CORE = `[core]
	repositoryformatversion = 0
	filemode = true
	bare = false
	logallrefupdates = false
	symlinks = true
	ignorecase = false
	autocrlf = false
`;

/** What `git lfs install --local` writes: by these commands git tells files from pointers. */
const LFS = `[lfs]
	repositoryformatversion = 0
[filter "lfs"]
	clean = git-lfs clean -- %f
	smudge = git-lfs smudge -- %f
	process = git-lfs filter-process
	required = true
`;

/**
 * Formats `.git/config` of a checkout. Modes and symlinks count, names are what they are, and no line ending is
 * converted, whatever the user's own configuration says: the files are written as the repository has them.
 *
 * @see https://git-scm.com/docs/git-config#_syntax
 */
export function formatGitConfig(options: ConfigOptions): string {
  const { url, branch } = options;
  return `${CORE}[remote "origin"]
	url = ${quote(url)}
	fetch = ${quote(formatRefspec(branch))}
${formatFilter(options)}[branch ${quote(branch)}]
	remote = origin
	merge = ${quote(`refs/heads/${branch}`)}
${formatSubmodules(options)}${formatLfs(options)}`;
}

/** Formats `config` of a submodule's repository: as {@link formatGitConfig}, but it follows no branch. */
export function formatModuleConfig(options: ModuleConfigOptions): string {
  return `${CORE}	worktree = ${quote(options.worktree)}
[remote "origin"]
	url = ${quote(options.url)}
	fetch = ${quote(formatRefspec("*"))}
${formatFilter(options)}${formatSubmodules(options)}${formatLfs(options)}`;
}

/** The branch that a refspec of a single branch names. */
export function parseRefspec(refspec: string): string | undefined {
  const branch = /^\+?refs\/heads\/([^*:]+):/.exec(refspec)?.[1];
  return branch !== undefined && refspec.endsWith(formatRefspec(branch).slice(1)) ? branch : undefined;
}

function formatRefspec(branch: string): string {
  return `+refs/heads/${branch}:refs/remotes/origin/${branch}`;
}

function formatFilter({ filter }: CommonOptions): string {
  return filter === undefined ? "" : `\tpromisor = true\n\tpartialclonefilter = ${filter}\n`;
}

function formatLfs({ lfs }: CommonOptions): string {
  return lfs === true ? LFS : "";
}

function formatSubmodules({ submodules = [] }: CommonOptions): string {
  return submodules
    .map(({ name, remote }) => `[submodule ${quote(name)}]\n\tactive = true\n\turl = ${quote(remote)}\n`)
    .join("");
}

function quote(value: string): string {
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
