import { fetchDebianNix, NIX_SUITES } from "@nix-cache/tooling-parts";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createClient } from "../support/client.ts";
import { startServer } from "../support/server.ts";
import { createSite, type Site } from "../support/site.ts";

const HOSTS = { nz: { text: "nz" }, "we.b": { text: "web" } };
const NAMES = Object.keys(HOSTS);

describe.each(NIX_SUITES)("the Nix of %s", (suite) => {
  let binDir: string;
  let site: Site;

  beforeAll(async () => {
    binDir = await fetchDebianNix(suite);
    site = await createSite(HOSTS, { nix: [`binDir = "${binDir}"`] });
    const { stdout } = await execa(`${binDir}/nix`, ["--version"]);
    console.log(`${suite}: ${stdout}`);
  });

  afterAll(async () => {
    await site[Symbol.asyncDispose]();
  });

  it("builds, signs and publishes every host", async () => {
    await site.run();

    expect(site.history((reader) => reader.latestRun())).toMatchObject({
      status: "SUCCESS",
      updateState: "updated",
    });
  });

  it("finds nothing to do the second time", async () => {
    await site.run();

    const results = site.history((reader) => reader.hostResults(reader.latestRun()?.id ?? ""));
    expect(results).toMatchObject([{ state: "unchanged" }, { state: "unchanged" }]);
  });

  it("builds with inputs that are newer than the committed lock", async () => {
    await site.common.commitFile("text", "+input");

    await site.run();

    const results = site.history((reader) => reader.hostResults(reader.latestRun()?.id ?? ""));
    expect(results).toMatchObject([
      { state: "published", generation: 2 },
      { state: "published", generation: 2 },
    ]);
  });

  it.each(NIX_SUITES)(
    "serves the Nix of %s, which finds every path whole and signed",
    async (clientSuite) => {
      await using server = await startServer(site.configFile);
      await using machine = await createClient({
        storeDir: site.storeDir,
        trustedKeys: [site.publicKey],
        binDir: await fetchDebianNix(clientSuite),
      });
      const toplevels = await Promise.all(NAMES.map(site.toplevel));

      const copy = await machine.nix("nix", "copy", "--from", server.url, ...toplevels);
      const verify = await machine.nix(
        "nix",
        "store",
        "verify",
        "--recursive",
        "--sigs-needed",
        "1",
        ...toplevels,
      );

      expect(copy).toMatchObject({ exitCode: 0 });
      expect(verify).toMatchObject({ exitCode: 0 });
    },
  );

  it.each(NIX_SUITES)("is refused by the Nix of %s without the key", async (clientSuite) => {
    await using server = await startServer(site.configFile);
    await using machine = await createClient({
      storeDir: site.storeDir,
      trustedKeys: [],
      binDir: await fetchDebianNix(clientSuite),
    });

    const copy = await machine.nix("nix", "copy", "--from", server.url, await site.toplevel("nz"));

    expect(copy.exitCode).not.toBe(0);
    expect(copy.stderr).toContain("lacks a");
  });
});
