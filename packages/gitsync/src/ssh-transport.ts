import type { DeadlineOptions } from "./deadline.ts";
import { GitSyncError } from "./errors.ts";
import type { Command, Environment } from "./process.ts";
import { hideCredentials, parseRemoteUrl } from "./remote-url.ts";
import type { Remote } from "./remote-url.ts";
import type { GitTransport } from "./transport.ts";
import { createUploadPackTransport } from "./upload-pack-transport.ts";

/** Seconds that ssh may take to connect. */
const CONNECT_TIMEOUT_S = 20;

/** How ssh proves who it is, and whom it trusts. */
export interface SshOptions {
  /** Private key; without it ssh uses its own configuration and agent. */
  readonly keyFile?: string;
  /** Host keys to trust, in place of ssh's own files; a host that is not in it yet is added (accept-new). */
  readonly knownHostsFile?: string;
}

/** Options of {@link createSshTransport}. */
export interface SshTransportOptions extends SshOptions, DeadlineOptions {
  /** `ssh://user@host:port/path` or `user@host:path`. */
  readonly url: string;
  /** Environment of ssh, usually process.env: PATH, HOME, SSH_AUTH_SOCK; GIT_* is dropped. */
  readonly env?: Environment;
}

/**
 * Creates an http plugin with which isomorphic-git fetches over the system's ssh. Call isomorphic-git with any
 * `url: "http://…"` beside it: the plugin goes to its own address. It never asks for a password.
 *
 * @param options address, key, known hosts, environment and limits
 * @returns the plugin; close it in `finally`, or declare it with `await using`
 * @throws GitSyncError ERR_GITSYNC_URL when the address is not one of ssh; requests reject with the other codes
 * @example
 * await using http = createSshTransport({ url: "git@example.org:team/flake.git", env: process.env });
 * await git.fetch({ fs, http, dir, url: "http://unused", remoteRef: "refs/heads/main", singleBranch: true });
 * @see https://isomorphic-git.org/docs/en/http
 */
export function createSshTransport(options: SshTransportOptions): GitTransport {
  const remote = parseRemoteUrl(options.url);
  if (remote.type !== "ssh") {
    throw new GitSyncError(
      "ERR_GITSYNC_URL",
      `expected ssh://host/path or user@host:path, got ${JSON.stringify(hideCredentials(options.url))}`,
    );
  }
  const env = options.env === undefined ? {} : { env: options.env };
  const command: Command = { file: "ssh", args: formatSshArguments(remote, options), ...env };
  return createUploadPackTransport(command, hideCredentials(options.url), options);
}

function formatSshArguments(remote: Extract<Remote, { type: "ssh" }>, options: SshOptions): string[] {
  const { keyFile, knownHostsFile } = options;
  return [
    "-T",
    "-oBatchMode=yes",
    `-oConnectTimeout=${CONNECT_TIMEOUT_S}`,
    "-oStrictHostKeyChecking=accept-new",
    // A user's known_hosts must not decide where the caller named a file.
    ...(knownHostsFile === undefined
      ? []
      : [`-oUserKnownHostsFile=${quoteOption(knownHostsFile)}`, "-oGlobalKnownHostsFile=/dev/null"]),
    ...(keyFile === undefined ? [] : ["-oIdentitiesOnly=yes", "-i", keyFile]),
    ...(remote.port === undefined ? [] : ["-p", String(remote.port)]),
    "--",
    remote.user === undefined ? remote.host : `${remote.user}@${remote.host}`,
    `git-upload-pack ${quoteShell(remote.path)}`,
  ];
}

/** ssh splits this option at spaces and expands % and ~ in it. */
function quoteOption(path: string): string {
  return `"${path.replaceAll("%", "%%").replaceAll('"', '\\"')}"`;
}

/** The remote's login shell splits the command that ssh sends. */
function quoteShell(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
