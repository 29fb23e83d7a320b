import { GitSyncError } from "../errors.ts";
import { hideCredentials, parseRemoteUrl } from "../transport/remote-url.ts";
import type { Remote } from "../transport/remote-url.ts";

/**
 * Finds the address of a submodule: one that starts with ./ or ../ counts from the address of the repository that has
 * the submodule, in git's own way.
 *
 * @param parent address of that repository
 * @param url what .gitmodules says
 * @throws GitSyncError ERR_GITSYNC_URL when it is of no known form, when it leads from a remote repository to a path of
 *   this machine, or when ../ leads above the repository's host
 * @see https://git-scm.com/docs/gitmodules#Documentation/gitmodules.txt-submoduleltnamegturl
 */
export function resolveSubmoduleUrl(parent: string, url: string): string {
  const isRelative = /^\.\.?\//.test(url);
  const resolved = isRelative ? joinUrl(parent, url) : url;
  const [from, to] = [parseRemoteUrl(parent), parseRemoteUrl(resolved)];
  if (to.type === "local" && from.type !== "local") {
    throw refuse(url, "an address that a remote repository may name: not a path of this machine");
  }
  if (isRelative && authorityOf(from) !== authorityOf(to)) {
    throw refuse(url, "an address on the host of the repository that names it");
  }
  return resolved;
}

/**
 * Whether two addresses are of the same http(s) server, and of the same user there without a password: what may be shown
 * the same token.
 *
 * @param parent address of the repository that the token is for
 * @param url address of the submodule
 */
export function isSameOrigin(parent: string, url: string): boolean {
  const [from, to] = [parseRemoteUrl(parent), parseRemoteUrl(url)];
  if (from.type !== "http" || to.type !== "http") {
    return false;
  }
  const [server, other] = [new URL(from.url), new URL(to.url)];
  const isSameUser = other.username === "" || other.username === server.username;
  return server.origin === other.origin && isSameUser && other.password === "";
}

/** git's relative_url, for a parent that is no relative path itself. */
function joinUrl(parent: string, url: string): string {
  let base = parent.replace(/\/$/, "");
  let rest = url;
  let separator = "/";
  while (/^\.\.?\//.test(rest)) {
    if (rest.startsWith("./")) {
      rest = rest.slice(2);
      continue;
    }
    rest = rest.slice(3);
    const slash = base.lastIndexOf("/");
    const end = slash < 0 ? base.lastIndexOf(":") : slash;
    if (end < 0) {
      throw refuse(url, "an address below the repository that names it");
    }
    separator = slash < 0 ? ":" : separator;
    base = base.slice(0, end);
  }
  return `${base}${separator}${rest}`.replace(/\/$/, "");
}

function authorityOf(remote: Remote): string {
  if (remote.type === "ssh") {
    return `${remote.user ?? ""}@${remote.host}:${remote.port ?? ""}`;
  }
  return remote.type === "http" ? new URL(remote.url).host : "";
}

function refuse(url: string, expected: string): GitSyncError {
  return new GitSyncError(
    "ERR_GITSYNC_URL",
    `expected ${expected}, got ${JSON.stringify(hideCredentials(url))}`,
  );
}
