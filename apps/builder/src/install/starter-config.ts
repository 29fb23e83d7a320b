/** What a configuration is to be filled in for. */
export interface Starter {
  /** Where the configuration is, and its key is to be. */
  readonly configDir: string;
  /** Of the signing key: clients know keys by their names. */
  readonly keyName: string;
  /** Directories of a user's own; the defaults where they are left out. */
  readonly places?: { readonly stateDir: string; readonly cacheDir: string };
}

/** Writes a configuration that says what has to be filled in, and nothing else. */
export function formatStarterConfig({ configDir, keyName, places }: Starter): string {
  const install = `nix-cache-builder install${places === undefined ? "" : " --user"}`;
  const own =
    places === undefined
      ? ""
      : `
# Directories of your own.
stateDir = "${places.stateDir}"
flakePath = "${places.stateDir}/flake"
cacheDir = "${places.cacheDir}"
`;
  return `# Configuration of nix-cache-builder and nix-cache-server. Fill in the two
# lines that begin with #!, then run \`${install}\` again.
# All keys, and what they mean:
# https://github.com/nix-cache/nix-cache-builder/blob/main/docs/configuration.md

[builder]
# Your NixOS flake: git@host:path, https://, or an absolute path.
#! flakeRepo = "git@github.com:you/nixos-config.git"

# The hosts to build, or ["*"] for every one that this machine can build.
#! hosts = ["desktop", "laptop"]

# The key to sign with, which this makes:
# ${places === undefined ? "sudo " : ""}nix-cache-builder keygen ${keyName} --out ${configDir}
signingKeyFile = "${configDir}/${keyName}.secret"

# For a private repository over SSH: a read-only deploy key, without a passphrase.
# sshKeyFile = "${configDir}/deploy-key"
${own}
# When to build: daily and a time, weekly and "Sun 02:00", or a calendar
# expression of systemd's.
buildSchedule = "daily"
buildTime = "02:00"

# What to keep: GB of the store for all hosts, and generations of each.
maxCacheSize = 200
keepGenerations = 3

[cacheServer]
port = 5000
# Who may download: your network, and this machine itself.
allow = ["192.168.0.0/16", "127.0.0.0/8", "::1/128"]
`;
}
