import type { SshOptions } from "../ssh/ssh-options.ts";
import { createSshTransport } from "../ssh/ssh-transport.ts";
import type { DeadlineOptions } from "./deadline.ts";
import { parseHttpRemote } from "./http-credentials.ts";
import type { HttpOptions, HttpRemote } from "./http-credentials.ts";
import { createHttpTransport } from "./http-transport.ts";
import { createLocalTransport } from "./local-transport.ts";
import type { Environment } from "./process.ts";
import { parseRemoteUrl } from "./remote-url.ts";
import type { Remote } from "./remote-url.ts";
import { PLACEHOLDER_URL } from "./transport.ts";
import type { GitTransport } from "./transport.ts";

/** How to reach a repository. */
export interface RemoteOptions extends DeadlineOptions {
  /** An absolute path, file://, ssh://, user@host:path, http:// or https://. */
  readonly url: string;
  /** Key and host keys, where the address is one of ssh. */
  readonly ssh?: SshOptions;
  /** Access token, where the address is one of http(s). */
  readonly http?: HttpOptions;
  /** Environment of ssh and git, usually process.env; GIT_* is dropped. */
  readonly env?: Environment;
}

/** Where a repository is, and who to be there. */
export type ParsedRemote =
  | Exclude<Remote, { type: "http" }>
  | { readonly type: "http"; readonly remote: HttpRemote };

/** A way to a repository, and the address to hand to isomorphic-git beside it. */
export interface OpenRemote {
  readonly transport: GitTransport;
  readonly url: string;
}

/**
 * Chooses the transport of an address.
 *
 * @throws GitSyncError ERR_GITSYNC_URL; TypeError for options that do not fit the address
 */
export function openRemote(options: RemoteOptions): OpenRemote {
  return { transport: openTransport(options), url: PLACEHOLDER_URL };
}

/**
 * Checks address and credentials.
 *
 * @throws GitSyncError ERR_GITSYNC_URL; TypeError for options that do not fit the address
 */
export function parseRemoteOptions({ http, url }: RemoteOptions): ParsedRemote {
  const remote = parseRemoteUrl(url);
  if (remote.type === "http") {
    return { type: "http", remote: parseHttpRemote(remote.url, http) };
  }
  if (http !== undefined) {
    throw new TypeError(`expected an address with http(s) beside http, got one of type ${remote.type}`);
  }
  return remote;
}

function openTransport(options: RemoteOptions): GitTransport {
  const parsed = parseRemoteOptions(options);
  if (parsed.type === "http") {
    return createHttpTransport(parsed.remote, options);
  }
  return parsed.type === "ssh"
    ? createSshTransport({ ...options, ...options.ssh })
    : createLocalTransport(options);
}
