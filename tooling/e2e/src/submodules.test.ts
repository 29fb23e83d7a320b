import { readFile, rm } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { createRepository, type Repository } from "./support/fleet.ts";
import { HOSTS, latestRun, readText, siteForTest } from "./support/site-for-test.ts";
import type { Site } from "./support/site.ts";

/** Moves what the flake says of its hosts into a submodule. */
async function moveHostsToSubmodule({ directory, fleet }: Site): Promise<Repository> {
  const hosts = await createRepository(`${directory}/hosts`);
  await hosts.commitFile("hosts.json", await readFile(`${fleet.directory}/hosts.json`, "utf8"));
  await rm(`${fleet.directory}/hosts.json`);
  await fleet.git("-c", "protocol.file.allow=always", "submodule", "add", "--quiet", "../hosts", "hosts");
  const flake = await readFile(`${fleet.directory}/flake.nix`, "utf8");
  await fleet.commitFile("flake.nix", flake.replace("./hosts.json", "./hosts/hosts.json"));
  return hosts;
}

describe("a flake with submodules", () => {
  it.each(["isomorphic", "git"])("is built with what they pin, by the engine %s", async (engine) => {
    const site = await siteForTest(HOSTS, { builder: [`gitEngine = "${engine}"`, "submodules = true"] });
    const hosts = await moveHostsToSubmodule(site);

    await site.run();
    const first = await readText(site, "nz");
    await hosts.commitFile("hosts.json", JSON.stringify({ nz: { text: "newer" }, "we.b": { text: "web" } }));
    await site.run();
    const unpinned = await readText(site, "nz");
    await site.fleet.git("-C", "hosts", "pull", "--quiet");
    await site.fleet.commitFile("README", "pins newer hosts");
    await site.run();

    expect([first, unpinned, await readText(site, "nz")]).toEqual(["nz", "nz", "newer"]);
    expect(latestRun(site)).toMatchObject({ status: "SUCCESS", updateState: "updated" });
  });
});
