import { fileURLToPath } from "node:url";

import { GitSyncError } from "../errors.ts";

/** Where a repository is, and by which transport it is reached. */
export type Remote =
  | { readonly type: "local"; readonly path: string }
  | {
      readonly type: "ssh";
      readonly user?: string;
      readonly host: string;
      readonly port?: number;
      readonly path: string;
    }
  | { readonly type: "http"; readonly url: string };

/**
 * The scp form of ssh, user@host:path; git takes it only when no slash comes before the colon. After two colons it would
 * start a program, as in ext::program.
 */
const SCP_FORM = /^(?:([^@/:\s]+)@)?(\[[0-9A-Fa-f:.]+\]|[^/:\s[\]]+):([^:].*)$/s;

/** No leading dash, so that ssh never reads a host or user as an option. */
const HOST_NAME = /^[A-Za-z0-9_:.][A-Za-z0-9_:.%-]*$/;
const USER_NAME = /^[A-Za-z0-9_.][A-Za-z0-9_.+-]*$/;

/**
 * Parses the address of a repository: an absolute path, file://, ssh://, the scp form, http:// or https://.
 *
 * @param url the address as a user writes it
 * @throws GitSyncError ERR_GITSYNC_URL
 * @see https://git-scm.com/docs/git-clone#_git_urls
 */
export function parseRemoteUrl(url: string): Remote {
  if (url === "" || /\p{Cc}/u.test(url)) {
    throw urlError(url, "an address without control characters");
  }
  if (url.startsWith("/")) {
    return { type: "local", path: url };
  }
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(url)?.[1]?.toLowerCase();
  switch (scheme) {
    case "file":
      return { type: "local", path: parseFileUrl(url) };
    case "http":
    case "https":
      return { type: "http", url: parseUrl(url).href };
    case "ssh":
      return parseSshUrl(url);
    case undefined:
      return parseScpForm(url);
    default:
      throw urlError(url, "a path, file://, ssh://, user@host:path, http:// or https://");
  }
}

/**
 * Takes the secrets out of an address, for messages and records: user and password, of ssh the password alone.
 *
 * @param url any address, even one that cannot be used
 * @returns the address without them
 * @example
 * hideCredentials("https://user:token@example.org/flake.git"); // "https://example.org/flake.git"
 */
export function hideCredentials(url: string): string {
  return url.replace(/^([A-Za-z][A-Za-z0-9+.-]*:\/\/)[^/]*@/, (whole: string, scheme: string) =>
    scheme.toLowerCase() === "ssh://" ? whole.replace(/(\/\/[^:@/]*):[^/]*@$/, "$1@") : scheme,
  );
}

function parseSshUrl(url: string): Remote {
  const { username, hostname, port, pathname } = parseUrl(url);
  const path = decode(url, pathname);
  if (path.length < 2) {
    throw urlError(url, "a path after the host");
  }
  return sshRemote(url, {
    user: decode(url, username),
    host: hostname.replace(/^\[|\]$/g, ""),
    // git takes ssh://host/~user/repo as a path below that user's home.
    path: path.startsWith("/~") ? path.slice(1) : path,
    ...(port === "" ? {} : { port: Number(port) }),
  });
}

function parseScpForm(url: string): Remote {
  const [, user = "", host, path] = SCP_FORM.exec(url) ?? [];
  if (host === undefined || path === undefined) {
    throw urlError(url, "an absolute path, or an address with a host");
  }
  return sshRemote(url, { user, host: host.replace(/^\[|\]$/g, ""), path });
}

function sshRemote(url: string, parts: { user: string; host: string; port?: number; path: string }): Remote {
  const { user, ...rest } = parts;
  if (!HOST_NAME.test(rest.host)) {
    throw urlError(url, "a host name");
  }
  if (user !== "" && !USER_NAME.test(user)) {
    throw urlError(url, "a user name");
  }
  if (rest.path.startsWith("-")) {
    throw urlError(url, "a path that does not start with a dash");
  }
  return { type: "ssh", ...rest, ...(user === "" ? {} : { user }) };
}

function parseFileUrl(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw urlError(url, "file:// and an absolute path", cause);
  }
}

function parseUrl(url: string): URL {
  try {
    return new URL(url);
  } catch (cause) {
    throw urlError(url, "a well-formed address", cause);
  }
}

function decode(url: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw urlError(url, "percent signs only before two hexadecimal digits", cause);
  }
}

function urlError(url: string, expected: string, cause?: unknown): GitSyncError {
  const message = `expected ${expected}, got ${JSON.stringify(hideCredentials(url))}`;
  return new GitSyncError("ERR_GITSYNC_URL", message, cause === undefined ? {} : { cause });
}
