/** A local repository at one revision. */
export interface GitFlakeRefOptions {
  /** Absolute directory of a checkout or a bare repository. */
  readonly directory: string;
  /** Branch or tag that the revision is on. */
  readonly ref?: string;
  /** Commit; with it the reference is immutable and the checkout's files are not looked at. */
  readonly rev?: string;
  /** Fetch submodules too. */
  readonly submodules?: boolean;
  /** Directory of flake.nix inside the repository. */
  readonly subdirectory?: string;
}

/**
 * Formats the flake reference of a local git repository.
 *
 * @returns a `git+file:` URL with every special character percent-encoded
 * @see https://nix.dev/manual/nix/latest/command-ref/new-cli/nix3-flake#types
 * @example formatGitFlakeRef({ directory: "/srv/a b", ref: "main" }) // "git+file:///srv/a%20b?ref=main"
 */
export function formatGitFlakeRef(options: GitFlakeRefOptions): string {
  const query = [
    ["ref", options.ref],
    ["rev", options.rev],
    ["submodules", options.submodules === true ? "1" : undefined],
    ["dir", options.subdirectory],
  ].flatMap(([name, value]) =>
    name === undefined || value === undefined ? [] : [`${name}=${encodePath(value)}`],
  );
  const url = `git+file://${encodePath(absolute(options.directory))}`;
  return query.length === 0 ? url : `${url}?${query.join("&")}`;
}

/**
 * Formats the flake reference of a plain directory.
 * Nix before 2.18 does not decode percent-encoding here: keep to letters, digits and `-._+,/` for those.
 */
export function formatPathFlakeRef(directory: string): string {
  return `path:${encodePath(absolute(directory))}`;
}

/**
 * Formats the installable of an attribute of a host's configuration. The name is quoted, since host names
 * hold dots, and percent-encoded, since a fragment is decoded before it is split.
 *
 * @throws RangeError when the host name has a quote, which no version of Nix can be told
 */
export function formatHostInstallable(flakeRef: string, host: string, attribute: string): string {
  if (host === "" || host.includes('"')) {
    throw new RangeError(`expected a host name without quotes, got ${JSON.stringify(host)}`);
  }
  return `${flakeRef}#nixosConfigurations."${encodeURIComponent(host)}".${attribute}`;
}

function absolute(directory: string): string {
  if (!directory.startsWith("/")) throw new TypeError(`expected an absolute directory, got ${directory}`);
  return directory;
}

function encodePath(path: string): string {
  // "+" and "," are plain in a path, and Nix before 2.18 takes them only so.
  return path.split("/").map(encodeURIComponent).join("/").replaceAll("%2B", "+").replaceAll("%2C", ",");
}
