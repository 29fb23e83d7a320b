import { formatSshCommand, openSsh, quoteShell } from "../ssh/ssh-arguments.ts";
import type { SshRemote } from "../ssh/ssh-arguments.ts";
import { startDeadline } from "../transport/deadline.ts";
import { readPassword } from "../transport/http-credentials.ts";
import type { HttpRemote } from "../transport/http-credentials.ts";
import { parseRemoteOptions } from "../transport/open-remote.ts";
import type { RemoteOptions } from "../transport/open-remote.ts";
import type { Environment } from "../transport/process.ts";
import { hideCredentials } from "../transport/remote-url.ts";

/** Name that git's settings give the remote; so the address never stands where an option could. */
export const REMOTE_NAME = "origin";

/** git does not hand its own settings on to the other side, which checks the owner of the repository as well. */
const UPLOAD_PACK_SETTING = `remote.${REMOTE_NAME}.uploadpack=git -c 'safe.directory=*' upload-pack`;

/** What git needs to reach a repository. */
export interface GitRemote {
  /** Settings as NAME=VALUE, the address among them, and no secret. */
  readonly settings: readonly string[];
  /** Environment of git. */
  readonly env: Environment;
  /** Removes the files that were made for it. */
  readonly close: () => Promise<void>;
}

/**
 * Gets ready what git needs to reach a repository: the one transport that it may use, and credentials.
 *
 * @param options address, credentials, limits
 * @throws GitSyncError ERR_GITSYNC_URL, ERR_GITSYNC_AUTH for an unusable token file, ERR_GITSYNC_COMMAND
 */
export async function openGitRemote(options: RemoteOptions): Promise<GitRemote> {
  const { env = {} } = options;
  const parsed = parseRemoteOptions(options);
  if (parsed.type === "http") {
    return openHttpRemote(parsed.remote, env);
  }
  if (parsed.type === "ssh") {
    return openSshRemote(parsed, options);
  }
  const settings = [...formatSettings(parsed.path, ["file"]), UPLOAD_PACK_SETTING];
  return { settings, env, close: closeNothing };
}

async function openSshRemote(remote: SshRemote, options: RemoteOptions): Promise<GitRemote> {
  const url = hideCredentials(options.url);
  const { env = {}, ssh = {} } = options;
  const {
    args,
    close,
    env: sshEnv,
  } = await openSsh(remote, { ...ssh, env }, startDeadline(options, url).signal);
  const command = [`core.sshCommand=${formatSshCommand(args)}`, "ssh.variant=ssh"];
  return { settings: [...formatSettings(url, ["ssh"]), ...command], env: sshEnv, close };
}

async function openHttpRemote(remote: HttpRemote, env: Environment): Promise<GitRemote> {
  const { credentials, origin, url } = remote;
  // A redirect must not lead from https to http.
  const protocols = url.startsWith("https:") ? ["https"] : ["http", "https"];
  // curl would take names and passwords from .netrc in the user's home.
  const settings = formatSettings(url, protocols);
  const base = { settings, env: { ...env, HOME: "/dev/null" }, close: closeNothing };
  if (credentials === undefined) {
    return base;
  }
  const password = await readPassword(credentials);
  const isToken = credentials.type === "token";
  // The helper reads the file itself: the token is in no argument and in no environment.
  const source = isToken
    ? `$(tr -d '[:space:]' < ${quoteShell(credentials.tokenFile)})`
    : "$GITSYNC_PASSWORD";
  const print = `printf 'username=%s\\npassword=%s\\n' ${quoteShell(credentials.user)} "${source}"`;
  // git-lfs asks again and again for credentials that a server refuses, unless there are no others.
  const refused = '"$GIT_DIR/credentials-refused"';
  const answer = `get) test -e ${refused} || ${print} ;; erase) : 2>/dev/null >${refused} ;;`;
  const helper = `credential.${origin}.helper=!f() { case "$1" in ${answer} esac; }; f`;
  return {
    ...base,
    settings: [...settings, helper],
    env: isToken ? base.env : { ...base.env, GITSYNC_PASSWORD: password },
  };
}

function formatSettings(url: string, protocols: readonly string[]): readonly string[] {
  return [
    `remote.${REMOTE_NAME}.url=${url}`,
    ...protocols.map((protocol) => `protocol.${protocol}.allow=always`),
  ];
}

async function closeNothing(): Promise<void> {
  // Nothing was made.
}
