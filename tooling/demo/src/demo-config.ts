/**
 * Writes the demo's configuration: a store of its own, the repository and everything else below one directory.
 *
 * @param directory absolute
 * @param port where the cache is served, on the loopback address alone
 */
export function formatDemoConfig(directory: string, port: number): string {
  const path = (name: string): string => JSON.stringify(`${directory}/${name}`);
  return `# Made anew by every \`npm start\`; to change something, copy it and run \`npm start -- --config COPY\`.

[nix]
storeDir = ${path("store")}
stateDir = ${path("var/nix")}
logDir = ${path("var/log/nix")}

[nix.settings]
# The demo's derivations use the machine's own shell, which a sandbox would hide.
sandbox = false
# Needs no root and no build users, and must not ask a network that may not be there.
build-users-group = ""
substituters = ""

[builder]
flakeRepo = ${path("repos/fleet")}
hosts = ["nz", "zanoza", "mz", "beez"]
flakePath = ${path("state/flake")}
stateDir = ${path("state")}
cacheDir = ${path("cache")}
signingKeyFile = ${path("signing-key")}
# A few hundred MB; a real fleet wants the default of 200 GB.
maxCacheSize = 2

[cacheServer]
host = "127.0.0.1"
port = ${port}
`;
}
