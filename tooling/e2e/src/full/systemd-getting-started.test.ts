import { listBlocks, readPage, type Snippet } from "@nix-cache/tooling-docs";
import { createNetwork, type Machine } from "@nix-cache/tooling-parts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createForge, type Forge } from "../support/forge.ts";
import { fetchMachineRoot, installApps, SYSTEMD_SUITES } from "../support/machines.ts";
import { findToplevel, readStatus } from "../support/on-machine.ts";

const HOSTS = { nz: { text: "nz" }, zanoza: { text: "z" }, mz: { text: "mz" }, beez: { text: "beez" } };

/** What the page calls the repository. */
const REPOSITORY = "git@github.com:you/dotnix.git";

const blocks = listBlocks(await readPage("docs/getting-started.md"), "sh");

/** The page's commands for a machine that is not NixOS, as they stand there. */
const onBuilder = blocks.filter(({ language }) => language === "sh" || language === "sh other");
const onClient = blocks.filter(({ language }) => language === "sh client");

describe.runIf(process.getuid?.() === 0).each(SYSTEMD_SUITES)(
  "docs/getting-started.md, followed on Debian %s (root: machines are booted)",
  (suite) => {
    const stack = new AsyncDisposableStack();
    let builder: Machine;
    let client: Machine;
    let forge: Forge;

    beforeAll(async () => {
      const root = await fetchMachineRoot(suite);
      const apps = await installApps();
      stack.defer(apps.remove);
      const network = stack.use(await createNetwork(["192.168.77.1"]));
      const boot = (name: string, address: string): Promise<Machine> =>
        network.boot({ name, address, root, layers: [apps.path] });
      [builder, client] = [await boot("beez", "192.168.77.2"), await boot("client", "192.168.77.3")];
      forge = await createForge(client, HOSTS);
      for (const machine of [builder, client]) await prepareMachine(machine);
    });
    afterAll(() => stack.disposeAsync());

    it("brings a builder that is healthy", async () => {
      const [initialize, makeKey, ...others] = onBuilder;
      await follow(builder, initialize);
      const output = [await follow(builder, makeKey)];
      await client.write("/srv/.ssh/authorized_keys", `restrict ${output[0]?.trim().split("\n").at(-1)}\n`);

      for (const block of others) output.push(await follow(builder, block, forge.url));

      expect(output.join("\n")).toContain("StoreDir: /nix/store\nWantMassQuery: 1\nPriority: 40\n");
      expect(await readStatus(builder)).toMatchObject({ health: "healthy", lastRun: { status: "SUCCESS" } });
      for (const host of Object.keys(HOSTS)) expect(output.at(-3)).toContain(`${host}-result -> `);
    });

    it("brings a client that takes what the builder has published", async () => {
      await client.write("/root/cache.conf", `${await builder.run("cat", "/root/cache.conf")}\n`);

      const output: string[] = [];
      for (const block of onClient) output.push(await follow(client, block));

      expect(output.at(-1)).toContain("http://192.168.77.2:5000");
      const toplevel = await findToplevel(builder, "nz");
      expect(await client.run("nix-store", "--realise", toplevel)).toBe(toplevel);
    });

    it("leaves nothing that doctor finds a problem", async () => {
      const { exitCode, stdout } = await builder.attempt("nix-cache-builder", "doctor");

      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout });
    });
  },
);

/** No network but the test's is there, and test derivations use the machine's shell. */
async function prepareMachine(machine: Machine): Promise<void> {
  await machine.write("/usr/local/bin/sudo", '#!/bin/sh\nexec "$@"\n', "0755");
  await machine.write("/etc/nix/nix.conf", "sandbox = false\nsubstituters =\n");
  await machine.run("systemctl", "restart", "nix-daemon.service");
}

/** Does what a block of the page says, and answers what that printed. */
async function follow(
  machine: Machine,
  block: Snippet | undefined,
  repository = REPOSITORY,
): Promise<string> {
  if (block === undefined) throw new Error("expected one more block of commands in the page");
  const script = `set -e\ncd /root\n${block.code.replaceAll(REPOSITORY, repository)}`;
  return machine.run("sh", "-c", script);
}
