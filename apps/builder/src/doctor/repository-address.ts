/** The scp form of an address: no slash before its colon, and no scheme. */
const SCP_FORM = /^[^/:]+:(?!\/\/)/;

/** Whether a repository is reached by ssh: `ssh://` or `user@host:path`. */
export function isSshAddress(flakeRepo: string): boolean {
  return /^ssh:\/\//i.test(flakeRepo) || SCP_FORM.test(flakeRepo);
}

/** The host and port by which ssh looks up a host key, as known-hosts files have them; undefined for other addresses. */
export function hostKeyNameOf(flakeRepo: string): string | undefined {
  if (!isSshAddress(flakeRepo)) return undefined;
  if (SCP_FORM.test(flakeRepo))
    return /^(?:[^@]*@)?(?:\[([^\]]+)\]|([^:]+))/
      .exec(flakeRepo)
      ?.slice(1)
      .find((part) => part !== undefined);
  const { hostname, port } = new URL(flakeRepo);
  const host = hostname.replaceAll(/[[\]]/g, "");
  return port === "" || port === "22" ? host : `[${host}]:${port}`;
}
