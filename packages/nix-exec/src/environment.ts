/** Where a store that is not the default one lives. All paths are absolute. */
export interface NixStoreLocation {
  /** Logical store directory, the prefix of every store path. */
  readonly storeDir: string;
  /** State directory; the database is `<stateDir>/db/db.sqlite`. */
  readonly stateDir: string;
  /** Directory of build logs. */
  readonly logDir: string;
  /** Where the files really are, when that is not storeDir (a chroot store). */
  readonly realStoreDir?: string;
}

/** What the environment of a Nix process is made from. */
export interface NixEnvironmentOptions {
  /** The caller's environment; only what Nix needs of it is passed on. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Left out: the store that Nix is configured for. */
  readonly store?: NixStoreLocation;
  /** Settings of nix.conf for these processes; the place for secrets such as access-tokens. */
  readonly settings?: Readonly<Record<string, string>>;
}

const DEFAULT_STORE: NixStoreLocation = {
  storeDir: "/nix/store",
  stateDir: "/nix/var/nix",
  logDir: "/nix/var/log/nix",
};

const PASSED_NAMES = new Set([
  ..."PATH HOME USER LOGNAME LANG TZ TMPDIR SSH_AUTH_SOCK GIT_SSH_COMMAND".split(" "),
  // ssh starts proxies by the one, and its configuration may name keys below the other.
  ..."SHELL CREDENTIALS_DIRECTORY".split(" "),
  ..."SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE GIT_SSL_CAINFO".split(" "),
  ..."HTTP_PROXY HTTPS_PROXY FTP_PROXY ALL_PROXY NO_PROXY".split(" "),
  ..."http_proxy https_proxy ftp_proxy all_proxy no_proxy".split(" "),
]);
const PASSED_PREFIXES = ["LC_", "XDG_", "NIX_"];

/**
 * Builds the whole environment of a Nix process: an allow-list of the caller's variables, the store's place and
 * the settings. Nothing else gets through; of git's variables only those that say how to
 * reach a host and whom to trust: GIT_DIR and its kin would make Nix read another repository.
 *
 * @returns variables for a process that inherits nothing
 * @throws TypeError when a setting is no setting of nix.conf or its value has a line break
 */
export function buildEnvironment(options: NixEnvironmentOptions): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.env)) {
    if (value !== undefined && isPassed(name)) environment[name] = value;
  }
  if (options.store !== undefined) Object.assign(environment, storeVariables(options.store));
  const lines = Object.entries(options.settings ?? {}).map(formatSetting);
  // Later lines win, so settings come after what the caller's NIX_CONFIG says.
  if (lines.length > 0) environment["NIX_CONFIG"] = [environment["NIX_CONFIG"] ?? "", ...lines].join("\n");
  return environment;
}

function isPassed(name: string): boolean {
  return PASSED_NAMES.has(name) || PASSED_PREFIXES.some((prefix) => name.startsWith(prefix));
}

/** https://nix.dev/manual/nix/latest/command-ref/env-common and store-types/local-store */
function storeVariables(store: NixStoreLocation): Record<string, string> {
  const { storeDir, stateDir, logDir, realStoreDir = storeDir } = store;
  const isDefault =
    storeDir === DEFAULT_STORE.storeDir &&
    stateDir === DEFAULT_STORE.stateDir &&
    logDir === DEFAULT_STORE.logDir;
  if (isDefault && realStoreDir === storeDir) return {};
  return {
    NIX_STORE_DIR: storeDir,
    NIX_STATE_DIR: stateDir,
    NIX_LOG_DIR: logDir,
    NIX_REMOTE: realStoreDir === storeDir ? "" : formatChrootStore({ ...store, realStoreDir }),
  };
}

function formatChrootStore(store: Required<NixStoreLocation>): string {
  const query = { store: store.storeDir, real: store.realStoreDir, state: store.stateDir, log: store.logDir };
  const pairs = Object.entries(query).map(([name, path]) => `${name}=${encodeURIComponent(path)}`);
  return `local?${pairs.join("&")}`;
}

function formatSetting([name, value]: [string, string]): string {
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    throw new TypeError(`expected the name of a nix.conf setting, got ${JSON.stringify(name)}`);
  }
  // The value stays out of the message: settings carry access tokens.
  if (/[\r\n]/.test(value)) throw new TypeError(`expected setting ${name} to be one line, got several`);
  return `${name} = ${value}`;
}
