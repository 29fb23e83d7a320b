import { createNetwork, type Machine } from "@nix-cache/tooling-parts";

import type { FleetHosts } from "./fleet.ts";
import { createForge, type Forge } from "./forge.ts";
import { fetchMachineRoot, installApps, type SYSTEMD_SUITES } from "./machines.ts";

/** What the builder's configuration has besides the repository, the hosts and the key, by section. */
interface SystemdSiteChanges {
  readonly builder?: readonly string[];
  readonly cacheServer?: readonly string[];
}

/** Machines on a LAN and outside of it, and the product installed on one of them. */
export interface SystemdSite extends AsyncDisposable {
  readonly builder: Machine;
  /** On the same LAN; it has the repository, too. */
  readonly client: Machine;
  /** On a network outside of it, whose packets do arrive. */
  readonly outsider: Machine;
  readonly forge: Forge;
  readonly publicKey: string;
  /** Writes the configuration, and nothing else. */
  readonly writeConfig: (changes?: SystemdSiteChanges) => Promise<void>;
  /** Writes the configuration, and installs what follows from it. */
  readonly configure: (changes?: SystemdSiteChanges) => Promise<void>;
}

/** Where the cache is. */
export const CACHE_URL = "http://192.168.77.2:5000";

/** The builder's configuration, and beside it the signing key. */
export const CONFIG_FILE = "/etc/nix-cache-builder/config.toml";

/** The builder's secret key, which only root may read. */
export const SIGNING_KEY_FILE = "/etc/nix-cache-builder/builder-1.secret";

/** The builder's deploy key, which only root may read. */
export const SSH_KEY_FILE = "/root/.ssh/id_ed25519";

/** Makes the machines; all go at the end of the scope. */
export async function createSystemdSite(
  suite: (typeof SYSTEMD_SUITES)[number],
  hosts: FleetHosts,
): Promise<SystemdSite> {
  await using stack = new AsyncDisposableStack();
  const root = await fetchMachineRoot(suite);
  const apps = await installApps();
  stack.defer(apps.remove);
  const network = stack.use(await createNetwork(["192.168.77.1", "10.77.0.1"]));
  const boot = (name: string, address: string): Promise<Machine> =>
    network.boot({ name, address, root, layers: [apps.path] });
  const builder = await boot("builder", "192.168.77.2");
  const client = await boot("client", "192.168.77.3");
  const outsider = await boot("outsider", "10.77.0.2");
  const forge = await createForge(client, hosts);
  const publicKey = await prepareBuilder(builder, forge);
  for (const machine of [client, outsider]) await prepareClient(machine, publicKey);
  const writeConfig = (changes: SystemdSiteChanges = {}): Promise<void> =>
    builder.write(CONFIG_FILE, formatConfig(forge, Object.keys(hosts), changes));
  const owned = stack.move();
  return {
    builder,
    client,
    outsider,
    forge,
    publicKey,
    writeConfig,
    configure: async (changes) => {
      await writeConfig(changes);
      await builder.run("nix-cache-builder", "install");
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The machine's Nix as an administrator would have it, the deploy key, and a signing key; answers its public half. */
async function prepareBuilder(builder: Machine, { deployKey }: Forge): Promise<string> {
  // Test derivations use the machine's shell. No network but the test's is there.
  await builder.write("/etc/nix/nix.conf", "sandbox = false\nsubstituters =\n");
  await builder.run("systemctl", "restart", "nix-daemon.service");
  await builder.write(SSH_KEY_FILE, deployKey, "0400");
  await builder.run("mkdir", "-p", "/etc/nix-cache-builder");
  const made = await builder.run(
    "nix-cache-builder",
    "keygen",
    "builder-1",
    "--json",
    "--out",
    "/etc/nix-cache-builder",
  );
  const { publicKey }: { readonly publicKey: string } = JSON.parse(made);
  return publicKey;
}

async function prepareClient(client: Machine, publicKey: string): Promise<void> {
  const lines = [`substituters = ${CACHE_URL}`, `trusted-public-keys = ${publicKey}`, "connect-timeout = 5"];
  await client.write("/etc/nix/nix.conf", `${lines.join("\n")}\n`);
  await client.run("systemctl", "restart", "nix-daemon.service");
}

function formatConfig(forge: Forge, hosts: readonly string[], changes: SystemdSiteChanges): string {
  return [
    "[builder]",
    `flakeRepo = "${forge.url}"`,
    `hosts = ${JSON.stringify(hosts)}`,
    `signingKeyFile = "${SIGNING_KEY_FILE}"`,
    ...(changes.builder ?? []),
    "[cacheServer]",
    ...(changes.cacheServer ?? []),
    "",
  ].join("\n");
}
