import { listBlocks, readPage, type Snippet, takeSection } from "@nix-cache/tooling-docs";
import type { Machine } from "@nix-cache/tooling-parts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { findToplevel } from "../support/on-machine.ts";
import { CONFIG_FILE, createSystemdSite, type SystemdSite } from "../support/systemd-site.ts";

const RUN = "nix-cache-builder.service";
const HOSTS = { nz: { text: "nz" }, web: { text: "web" } };

/** The key that the page changes. */
const OLD_KEY = "/etc/nix-cache-builder/beez.example.org-1";
const NEW_KEY = "/etc/nix-cache-builder/beez.example.org-2";

const page = await readPage("docs/operations.md");

describe.runIf(process.getuid?.() === 0)(
  "docs/operations.md, followed on a machine (root: machines are booted)",
  () => {
    let site: SystemdSite;

    beforeAll(async () => {
      site = await createSystemdSite("trixie", HOSTS);
      const { builder } = site;
      await builder.write("/usr/local/bin/sudo", '#!/bin/sh\nexec "$@"\n', "0755");
      await builder.run("nix-store", "--init");
      await builder.run(
        "nix-cache-builder",
        "keygen",
        "beez.example.org-1",
        "--out",
        "/etc/nix-cache-builder",
      );
      await writeConfig(site, `[builder]\nsigningKeyFile = "${OLD_KEY}.secret"\n`);
      await builder.run("nix-cache-builder", "install");
      await builder.run("systemctl", "start", RUN);
      await builder.run("nix-cache-builder", "pin", "nz", "1");
    });
    afterAll(() => site?.[Symbol.asyncDispose]());

    it("changes the signing key while clients with either are served", async () => {
      const { builder, client } = site;
      const section = takeSection(page, "Changing the signing key");
      const [makeKey, ...others] = listBlocks(section, "sh");
      const [configuration] = listBlocks(section, "toml");

      await follow(builder, makeKey);
      await writeConfig(site, configuration?.code ?? "");
      for (const block of others) await follow(builder, block);
      // What is built from now on has the old key's signature from the server alone.
      await site.forge.commit({ ...HOSTS, nz: { text: "newer" } });
      await builder.run("systemctl", "start", RUN);

      const withOld = await realise(client, await findToplevel(builder, "nz"), await readKey(site, OLD_KEY));
      const withNew = await realise(client, await findToplevel(builder, "web"), await readKey(site, NEW_KEY));
      expect([withOld, withNew]).toEqual([0, 0]);
    });

    it("restores the history from what was backed up", async () => {
      const { builder } = site;
      const state = "/var/lib/nix-cache-builder";
      await builder.run("cp", `${state}/history.public.sqlite`, "/root/history.public.sqlite");
      await builder.run("rm", `${state}/history.sqlite`, `${state}/history.public.sqlite`);
      const [restore] = listBlocks(takeSection(page, "Backup and restore"), "sh");

      await follow(builder, restore);

      const { results, generations }: HostHistory = JSON.parse(
        await builder.run("nix-cache-builder", "history", "nz", "--json"),
      );
      expect(results.map(({ state: outcome }) => outcome)).toEqual(["unchanged", "published", "published"]);
      expect(generations).toMatchObject([{ number: 2 }, { number: 1, pinned: true }]);
    });
  },
);

interface HostHistory {
  readonly results: readonly { readonly state: string }[];
  readonly generations: readonly unknown[];
}

/** The page's configurations leave out whose flake it is. */
async function writeConfig({ builder, forge }: SystemdSite, text: string): Promise<void> {
  const flake = `[builder]\nflakeRepo = "${forge.url}"\nhosts = ${JSON.stringify(Object.keys(HOSTS))}\n`;
  await builder.write(CONFIG_FILE, text.replace("[builder]\n", flake));
}

async function readKey({ builder }: SystemdSite, key: string): Promise<string> {
  return builder.run("cat", `${key}.public`);
}

/** Answers the exit code of taking a path from the cache, with one key trusted. */
async function realise(client: Machine, path: string, key: string): Promise<number | undefined> {
  const trust = ["--option", "trusted-public-keys", key];
  const { exitCode } = await client.attempt("nix-store", "--realise", path, ...trust);
  return exitCode;
}

/** Does what a block of the page says. */
async function follow(machine: Machine, block: Snippet | undefined): Promise<void> {
  if (block === undefined) throw new Error("expected one more block of commands in the page");
  await machine.run("sh", "-c", `set -e\ncd /root\n${block.code}`);
}
