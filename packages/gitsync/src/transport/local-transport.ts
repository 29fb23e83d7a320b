import { GitSyncError } from "../errors.ts";
import type { DeadlineOptions } from "./deadline.ts";
import type { Environment } from "./process.ts";
import { hideCredentials, parseRemoteUrl } from "./remote-url.ts";
import type { GitTransport } from "./transport.ts";
import { createUploadPackTransport } from "./upload-pack-transport.ts";

/** Options of {@link createLocalTransport}. */
export interface LocalTransportOptions extends DeadlineOptions {
  /** An absolute path, or file:// and one. */
  readonly url: string;
  /** Environment of git, usually process.env; GIT_* is dropped. */
  readonly env?: Environment;
}

/**
 * Creates an http plugin with which isomorphic-git fetches from a repository on this machine, by the system's git.
 * Call isomorphic-git with any `url: "http://…"` beside it: the plugin goes to its own path.
 *
 * @param options path, environment and limits
 * @returns the plugin; close it in `finally`, or declare it with `await using`
 * @throws GitSyncError ERR_GITSYNC_URL when the address is not a path; requests reject with the other codes
 * @example
 * await using http = createLocalTransport({ url: "/srv/git/flake.git", env: process.env });
 * const refs = await git.listServerRefs({ http, url: "http://unused", protocolVersion: 1 });
 */
export function createLocalTransport(options: LocalTransportOptions): GitTransport {
  const remote = parseRemoteUrl(options.url);
  if (remote.type !== "local") {
    throw new GitSyncError(
      "ERR_GITSYNC_URL",
      `expected an absolute path or file://, got ${JSON.stringify(hideCredentials(options.url))}`,
    );
  }
  const env = options.env === undefined ? {} : { env: options.env };
  // git refuses a repository of another owner unless told; naming it as the source is telling it. The check is
  // about configuration and hooks of that owner, neither of which upload-pack takes from the repository.
  const args = ["-c", "safe.directory=*", "upload-pack", "--", remote.path];
  const opened = { command: { file: "git", args, ...env } };
  return createUploadPackTransport(() => Promise.resolve(opened), remote.path, options);
}
