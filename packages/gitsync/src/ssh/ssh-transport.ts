import { GitSyncError } from "../errors.ts";
import type { DeadlineOptions } from "../transport/deadline.ts";
import type { Environment } from "../transport/process.ts";
import { hideCredentials, parseRemoteUrl } from "../transport/remote-url.ts";
import type { GitTransport } from "../transport/transport.ts";
import { createUploadPackTransport } from "../transport/upload-pack-transport.ts";
import type { OpenCommand } from "../transport/upload-pack-transport.ts";
import { explainRefusedKey } from "./key-file.ts";
import { formatSshDestination, openSsh, quoteShell } from "./ssh-arguments.ts";
import type { SshOptions } from "./ssh-options.ts";

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
  const open = async (signal: AbortSignal): Promise<OpenCommand> => {
    const { args, env, close } = await openSsh(remote, options, signal);
    const call = [...args, ...formatSshDestination(remote), `git-upload-pack ${quoteShell(remote.path)}`];
    return { command: { file: "ssh", args: call, env }, close };
  };
  const transport = createUploadPackTransport(open, hideCredentials(options.url), options);
  return {
    ...transport,
    request: async (call) => {
      try {
        return await transport.request(call);
      } catch (error) {
        throw await explainRefusedKey(error, options.keyFile);
      }
    },
  };
}
