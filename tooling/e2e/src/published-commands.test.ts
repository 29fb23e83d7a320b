import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";

import { formatPublicKey, formatSecretKey, generateSecretKey, toPublicKey } from "@nix-cache/narinfo";
import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { liveGenerations, liveNumbers, NO_GRACE, publishTexts } from "./support/generations.ts";
import { siteForTest } from "./support/site-for-test.ts";
import type { Site } from "./support/site.ts";

async function siteWithTwo(): Promise<Site> {
  const site = await siteForTest({ nz: { text: "0" } }, { builder: NO_GRACE });
  await publishTexts(site, "1", "2");
  return site;
}

/** Changes a file of a store path, as a bad disk would. */
async function damage(toplevel: string): Promise<void> {
  await execa("chmod", ["-R", "u+w", toplevel]);
  await writeFile(`${toplevel}/text`, "damaged");
}

describe("nix-cache-builder pin", () => {
  it("keeps a generation whatever the limits say, until it is unpinned", async () => {
    const site = await siteWithTwo();
    await site.configure({ builder: [...NO_GRACE, "keepGenerations = 1"] });

    const pin = await site.builder("pin", "nz", "1");
    await site.builder("prune");
    const pinned = liveNumbers(site);
    const unpin = await site.builder("unpin", "nz", "1");
    await site.builder("prune");

    expect(pin).toEqual({ exitCode: 0, stdout: "Generation 1 of nz is pinned.", stderr: "" });
    expect(unpin).toEqual({ exitCode: 0, stdout: "Generation 1 of nz is not pinned.", stderr: "" });
    expect([pinned, liveNumbers(site)]).toEqual([[2, 1], [2]]);
  });

  it("says that the history was damaged, and where it is now", async () => {
    const site = await siteForTest();
    await site.run();
    await writeFile(`${site.directory}/state/history.sqlite`, "damaged");

    const { exitCode, stderr } = await site.builder("pin", "nz", "1");

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/"setAside":"[^"]*\/history\.sqlite\.damaged-.*"history damaged/);
  });

  it("names what exists when there is no such host or generation", async () => {
    const site = await siteWithTwo();

    const host = await site.builder("pin", "nzz", "1");
    const generation = await site.builder("unpin", "nz", "7");
    const word = await site.builder("pin", "nz", "newest");

    const prefix = "nix-cache-builder: ";
    expect(host).toMatchObject({ exitCode: 2, stderr: `${prefix}unknown host "nzz": did you mean nz?` });
    expect(generation).toMatchObject({
      exitCode: 2,
      stderr: `${prefix}unknown generation "7": the generations of nz are 1, 2`,
    });
    expect(word.stderr).toBe(`${prefix}unknown generation "newest": the generations of nz are 1, 2`);
  });
});

describe("nix-cache-builder sign", () => {
  it("signs every published closure with a new key", async () => {
    const site = await siteWithTwo();
    const key = generateSecretKey("e2e-2", randomBytes(32));
    await rm(`${site.directory}/key`);
    await writeFile(`${site.directory}/key`, formatSecretKey(key), { mode: 0o400 });

    const { exitCode, stdout } = await site.builder("sign", "--all", "--json");

    const publicKey = formatPublicKey(toPublicKey(key));
    const toplevels = liveGenerations(site).map(({ toplevel }) => toplevel);
    const trusted = ["--sigs-needed", "1", "--trusted-public-keys", publicKey];
    const options = ["--recursive", "--no-contents", ...trusted];
    const verify = await site.nix("nix", "store", "verify", ...options, ...toplevels);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ publicKey, generations: 2, added: 3, missing: 0 });
    expect(verify).toMatchObject({ exitCode: 0 });
  });

  it("says that the key cannot be used, and needs to be told what to sign", async () => {
    const site = await siteWithTwo();
    await rm(`${site.directory}/key`);

    const keyless = await site.builder("sign", "--all");
    const bare = await site.builder("sign");

    expect(keyless).toMatchObject({ exitCode: 1, stdout: "" });
    expect(keyless.stderr).toMatch(/^nix-cache-builder: the signing key cannot be used: .*ENOENT/);
    expect(bare.exitCode).toBe(2);
  });
});

describe("nix-cache-builder verify", () => {
  it("finds what is damaged and in which generation, and repairs it", async () => {
    const site = await siteWithTwo();
    const sound = await site.builder("verify");
    const [newest, oldest] = liveGenerations(site).map(({ toplevel }) => toplevel);
    await damage(newest ?? "");

    const found = await site.builder("verify", "--json");
    const repair = await site.builder("verify", "--repair");
    const after = await site.builder("verify", "--json");
    const sign = await site.builder("sign", "--all", "--json");

    expect(sound).toMatchObject({ exitCode: 0 });
    expect(found.exitCode).toBe(1);
    expect(JSON.parse(found.stdout)).toMatchObject({
      generations: [
        { generation: 1, toplevel: oldest, state: "sound", damaged: [] },
        { generation: 2, toplevel: newest, state: "damaged", damaged: [newest] },
      ],
      modified: [newest],
      unreadable: [],
    });
    expect(repair.exitCode).toBe(0);
    expect(repair.stdout).toContain(`Repaired: ${newest}`);
    expect(after.exitCode).toBe(0);
    expect(JSON.parse(sign.stdout)).toMatchObject({ added: 0 });
  });

  it("says that what it repaired could not be signed", async () => {
    const site = await siteWithTwo();
    await damage(liveGenerations(site)[0]?.toplevel ?? "");
    await rm(`${site.directory}/key`);

    const { exitCode, stdout } = await site.builder("verify", "--repair");

    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^Not signed: .*\nTo sign it: nix-cache-builder sign --all --config /m);
  });

  it("has nothing to look at before the first run", async () => {
    const site = await siteForTest({ nz: { text: "0" } });

    const { exitCode, stdout } = await site.builder("verify");

    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "No generation is published." });
  });
});
