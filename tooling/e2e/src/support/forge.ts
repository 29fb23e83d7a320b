import type { Machine } from "@nix-cache/tooling-parts";

import { type FleetHosts, formatFlake } from "./fleet.ts";

const REPOSITORY = "/srv/fleet";

/** A machine that serves the test flake over SSH to whoever has a deploy key. */
export interface Forge {
  /** The repository's address, as `git clone` takes it. */
  readonly url: string;
  /** Private half of the deploy key. */
  readonly deployKey: string;
  /** Commits other hosts. */
  readonly commit: (hosts: FleetHosts) => Promise<void>;
}

/** Makes a forge of a machine, with a first commit on branch main. */
export async function createForge(machine: Machine, hosts: FleetHosts): Promise<Forge> {
  await machine.write("/etc/sysusers.d/git.conf", 'u git - "Forge" /srv /usr/bin/git-shell\n');
  await machine.run("systemd-sysusers");
  await machine.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "deploy", "-f", "/root/deploy");
  const publicKey = await machine.run("cat", "/root/deploy.pub");
  await machine.write("/srv/.ssh/authorized_keys", `restrict ${publicKey}\n`);
  const git = (...words: readonly string[]): Promise<string> =>
    machine.run("git", "-C", REPOSITORY, "-c", "user.name=test", "-c", "user.email=test@localhost", ...words);
  const commit = async (changed: FleetHosts): Promise<void> => {
    await machine.write(`${REPOSITORY}/hosts.json`, JSON.stringify(changed));
    await git("add", "--all");
    await git("commit", "--quiet", "--message=Change the hosts");
  };
  await machine.write(`${REPOSITORY}/flake.nix`, await formatFlake());
  await git("init", "--quiet", "--initial-branch=main");
  await commit(hosts);
  // Whose repository it is, git asks whoever serves it.
  await machine.run("git", "config", "--system", "safe.directory", "*");
  return {
    url: `git@${machine.address}:${REPOSITORY}`,
    deployKey: `${await machine.run("cat", "/root/deploy")}\n`,
    commit,
  };
}
