import { mkdir, readFile, writeFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { formatFlake } from "./support/fleet.ts";
import { latestResults, latestRun, readText, siteForTest } from "./support/site-for-test.ts";
import type { Site } from "./support/site.ts";

const PLAIN = "{ outputs = _: { }; }\n";

describe("an input that has files of this machine for inputs", () => {
  it("is not updated to, and the committed lock serves", async () => {
    const site = await siteWithFlakeInput();
    await commitLock(site);
    const secrets = await takeSecrets(site);

    const { exitCode } = await site.builder("run");

    expect(exitCode).toBe(0);
    expect(latestRun(site)).toMatchObject({ status: "PARTIAL", updateState: "failed" });
    expect(latestRun(site)?.reason).toBe(
      `the inputs could not be updated: the committed lock was used: input common/s is path:${secrets}, a file of ` +
        "this machine that the flake does not name itself: what it named may have been copied into the store, so " +
        "change the secrets that were in it",
    );
    expect(await readText(site, "nz")).toBe("nz");
  });

  it("fails the run before anything is evaluated where it is in the committed lock", async () => {
    const site = await siteWithFlakeInput();
    const secrets = await takeSecrets(site);
    const lock = await lockByHand(site);
    await site.fleet.commitFile("flake.lock", lock);

    const { exitCode, stdout } = await site.builder("run", "--no-update");

    expect(exitCode).toBe(1);
    expect(latestRun(site)).toMatchObject({
      status: "FAILED",
      reason: expect.stringContaining(`input common/s is path:${secrets}, a file of this machine`),
    });
    expect(latestResults(site)).toEqual([]);
    expect(stdout).not.toContain('"host"');
  });

  it("is shown by a dry run", async () => {
    const site = await siteWithFlakeInput();
    await commitLock(site);
    const secrets = await takeSecrets(site);

    const { exitCode, stdout } = await site.builder("run", "--dry-run", "--json");
    const text = await site.builder("run", "--dry-run");

    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      update: "failed",
      updateReason: expect.stringContaining(`input common/s is path:${secrets}`),
      hosts: [{ type: "planned" }, { type: "planned" }],
    });
    expect(text.stdout).toContain(`\n         input common/s is path:${secrets}`);
  });
});

describe("a file of this machine that the flake itself has for an input", () => {
  it("is built with", async () => {
    const site = await siteForTest();
    await mkdir(`${site.directory}/own`);
    await writeFile(`${site.directory}/own/text`, "+own");
    await site.fleet.commitFile(
      "flake.nix",
      await formatFlake(`inputs.common = { url = "path:${site.directory}/own"; flake = false; };`),
    );

    await site.run();

    expect(latestRun(site)).toMatchObject({ status: "SUCCESS", updateState: "updated" });
    expect(await readText(site, "nz")).toBe("nz+own");
  });
});

async function siteWithFlakeInput(): Promise<Site> {
  const site = await siteForTest();
  await site.common.commitFile("flake.nix", PLAIN);
  const input = `inputs.common.url = "git+file://${site.common.directory}?ref=main";`;
  await site.fleet.commitFile("flake.nix", await formatFlake(input));
  return site;
}

async function commitLock(site: Site): Promise<void> {
  await site.run();
  const lock = await readFile(`${site.directory}/state/runs/${latestRun(site)?.id}/flake.lock`, "utf8");
  await site.fleet.commitFile("flake.lock", lock);
}

/** Has the input name a directory of this machine, whose path it answers. */
async function takeSecrets(site: Site): Promise<string> {
  const secrets = `${site.directory}/secrets`;
  await mkdir(secrets);
  await writeFile(`${secrets}/signingKeyFile`, "secret");
  const input = `inputs.s = { url = "path:${secrets}"; flake = false; };`;
  await site.common.commitFile("flake.nix", PLAIN.replace("{ ", `{ ${input} `));
  return secrets;
}

async function lockByHand(site: Site): Promise<string> {
  const { exitCode, stderr } = await site.nix("nix", "flake", "lock", site.fleet.directory);
  if (exitCode !== 0) throw new Error(stderr);
  return readFile(`${site.fleet.directory}/flake.lock`, "utf8");
}
