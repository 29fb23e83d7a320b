import { mkdir, readFile, stat, writeFile } from "node:fs/promises";

import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { createClient } from "./support/client.ts";
import { NIX_CONFIG } from "./support/command.ts";
import { ROOT } from "./support/places.ts";
import { startServer } from "./support/server.ts";
import { siteForTest } from "./support/site-for-test.ts";
import type { Site } from "./support/site.ts";
import { tempDirForTest } from "./support/temp-dir.ts";

const PROGRAM = `${ROOT}/tooling/bin/nix-cache-builder`;

/** Only what a derivation made needs a signature. */
const DERIVATION = `derivation {
  name = "to-sign"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo a > $out" ];
}`;

async function buildPath(site: Site): Promise<string> {
  const { stdout } = await site.nix("nix-build", "--no-out-link", "--expr", DERIVATION);
  return stdout;
}

/** Whether a path has a signature by a key. */
async function verify(site: Site, key: string, path: string): Promise<number | undefined> {
  const argv = ["store", "verify", "--sigs-needed", "1", "--trusted-public-keys", key, path];
  return (await site.nix("nix", ...argv)).exitCode;
}

describe("nix-cache-builder keygen", () => {
  it("makes a key that real Nix signs with, and whose signature real Nix trusts", async () => {
    const site = await siteForTest();
    const { stdout } = await execa(PROGRAM, [
      "keygen",
      "beez-1",
      "--out",
      `${site.directory}/keys`,
      "--json",
    ]);
    const { publicFile, publicKey, secretFile } = JSON.parse(stdout);
    const path = await buildPath(site);

    const signed = await site.nix("nix", "store", "sign", "--key-file", secretFile, path);

    expect(signed).toMatchObject({ exitCode: 0 });
    expect(await verify(site, publicKey, path)).toBe(0);
    expect(await verify(site, site.publicKey, path)).not.toBe(0);
    expect(await readFile(publicFile, "utf8")).toBe(publicKey);
    expect((await stat(secretFile)).mode & 0o777).toBe(0o400);
    expect((await stat(publicFile)).mode & 0o777).toBe(0o444);
  });

  it("makes the public key that real Nix derives from the secret one", async () => {
    const directory = await tempDirForTest("keys");
    await execa(PROGRAM, ["keygen", "cache.example.org-1", "--out", directory]);

    const { stdout } = await execa("nix", ["key", "convert-secret-to-public"], {
      inputFile: `${directory}/cache.example.org-1.secret`,
      env: { NIX_CONFIG, HOME: directory },
    });

    expect(await readFile(`${directory}/cache.example.org-1.public`, "utf8")).toBe(stdout);
  });

  it("never overwrites a key, and refuses a name that cannot be one", async () => {
    const directory = await tempDirForTest("keys");
    await execa(PROGRAM, ["keygen", "a", "--out", directory]);
    const before = await readFile(`${directory}/a.secret`, "utf8");

    const again = await execa(PROGRAM, ["keygen", "a", "--out", directory], { reject: false });
    const bad = await execa(PROGRAM, ["keygen", "a:b", "--out", directory], { reject: false });

    expect(again).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("is there already") });
    expect(bad).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('named "a:b"') });
    expect(await readFile(`${directory}/a.secret`, "utf8")).toBe(before);
  });
});

describe("nix-cache-builder client-config", () => {
  it("prints a NixOS module that real Nix evaluates to the cache's settings", async () => {
    const site = await siteForTest();
    const { stdout } = await site.builder("client-config", "--nixos");
    const file = `${site.directory}/client.nix`;
    await writeFile(file, stdout);

    const parsed = await site.nix("nix-instantiate", "--parse", file);
    const evaluated = await site.nix("nix-instantiate", "--eval", "--strict", "--json", file);

    expect(parsed.exitCode).toBe(0);
    expect(JSON.parse(evaluated.stdout)).toEqual({
      nix: {
        settings: {
          substituters: [expect.stringMatching(/^http:/)],
          "trusted-public-keys": [site.publicKey],
          "connect-timeout": 5,
          "download-attempts": 2,
          fallback: true,
        },
      },
    });
  });

  it("prints lines that real Nix takes for its nix.conf", async () => {
    const site = await siteForTest();
    const { stdout } = await site.builder("client-config", "--nix-conf");
    const directory = `${site.directory}/conf`;
    await mkdir(directory);
    await writeFile(`${directory}/nix.conf`, stdout);

    const shown = await execa("nix", ["show-config", "--json"], {
      env: { NIX_CONF_DIR: directory, NIX_CONFIG: "experimental-features = nix-command", HOME: directory },
    });

    const settings = JSON.parse(shown.stdout);
    expect(settings["trusted-public-keys"].value).toContain(site.publicKey);
    expect(settings["substituters"].value).toContainEqual(expect.stringMatching(/^http:\/\/127\.0\.0\.1/));
    expect(settings["connect-timeout"].value).toBe(5);
    expect(settings["fallback"].value).toBe(true);
    expect(shown.stderr).not.toContain("unknown setting");
  });
});

describe("a key that the server alone has", () => {
  it("is all that a client has to trust", async () => {
    const site = await siteForTest();
    const args = ["keygen", "server-1", "--out", `${site.directory}/keys`, "--json"];
    const { publicKey, secretFile } = JSON.parse((await execa(PROGRAM, args)).stdout);
    await site.configure({ cacheServer: [`signingKeyFiles = ["${secretFile}"]`] });
    await site.run();
    await using server = await startServer(site.configFile);
    await using client = await createClient({ storeDir: site.storeDir, trustedKeys: [publicKey] });

    const copy = await client.nix("nix", "copy", "--from", server.url, await site.toplevel("nz"));

    expect(copy).toMatchObject({ exitCode: 0 });
  });
});
