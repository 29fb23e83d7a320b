import type { DeadlineOptions } from "./deadline.ts";
import { createHttpTransport } from "./http-transport.ts";
import { createLocalTransport } from "./local-transport.ts";
import type { Environment } from "./process.ts";
import { parseRemoteUrl } from "./remote-url.ts";
import { createSshTransport } from "./ssh-transport.ts";
import type { SshOptions } from "./ssh-transport.ts";
import { PLACEHOLDER_URL } from "./transport.ts";
import type { GitTransport } from "./transport.ts";

/** How to reach a repository. */
export interface RemoteOptions extends DeadlineOptions {
  /** An absolute path, file://, ssh://, user@host:path, http:// or https://. */
  readonly url: string;
  /** Key and host keys, where the address is one of ssh. */
  readonly ssh?: SshOptions;
  /** Environment of ssh and git, usually process.env; GIT_* is dropped. */
  readonly env?: Environment;
}

/** A way to a repository, and the address to hand to isomorphic-git beside it. */
export interface OpenRemote {
  readonly transport: GitTransport;
  readonly url: string;
}

/**
 * Chooses the transport of an address.
 *
 * @throws GitSyncError ERR_GITSYNC_URL
 */
export function openRemote(options: RemoteOptions): OpenRemote {
  const remote = parseRemoteUrl(options.url);
  if (remote.type === "http") {
    return { transport: createHttpTransport(remote.url, options), url: remote.url };
  }
  const transport =
    remote.type === "ssh"
      ? createSshTransport({ ...options, ...options.ssh })
      : createLocalTransport(options);
  return { transport, url: PLACEHOLDER_URL };
}
