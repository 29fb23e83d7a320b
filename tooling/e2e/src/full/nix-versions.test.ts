import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createClient } from "../support/client.ts";
import { fetchDebianNix } from "../support/debian-nix.ts";
import { startServer } from "../support/server.ts";
import { createSite, type Site } from "../support/site.ts";

const HOSTS = { nz: { text: "nz" }, "we.b": { text: "web" } };
const NAMES = Object.keys(HOSTS);

/** This machine's Nix, and Debian's of the releases after it. */
const VERSIONS = ["machine", "trixie", "sid"] as const;

async function binDirOf(version: (typeof VERSIONS)[number]): Promise<string> {
  if (version !== "machine") return fetchDebianNix(version);
  const { stdout } = await execa("sh", ["-c", 'dirname "$(command -v nix)"']);
  return stdout;
}

describe.each(VERSIONS)("the Nix of %s", (version) => {
  let binDir: string;
  let site: Site;

  beforeAll(async () => {
    binDir = await binDirOf(version);
    // Run under another release's loader, Nix cannot start itself, which is what its build hook is.
    const hook = version === "machine" ? [] : ['settings.build-hook = ""'];
    site = await createSite(HOSTS, { nix: [`binDir = "${binDir}"`, ...hook] });
    const { stdout } = await execa(`${binDir}/nix`, ["--version"]);
    console.log(`${version}: ${stdout}`);
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

  it.each(VERSIONS)(
    "serves the Nix of %s, which finds every path whole and signed",
    async (clientVersion) => {
      await using server = await startServer(site.configFile);
      await using machine = await createClient({
        storeDir: site.storeDir,
        trustedKeys: [site.publicKey],
        binDir: await binDirOf(clientVersion),
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

  it.each(VERSIONS)("is refused by the Nix of %s without the key", async (clientVersion) => {
    await using server = await startServer(site.configFile);
    await using machine = await createClient({
      storeDir: site.storeDir,
      trustedKeys: [],
      binDir: await binDirOf(clientVersion),
    });

    const copy = await machine.nix("nix", "copy", "--from", server.url, await site.toplevel("nz"));

    expect(copy.exitCode).not.toBe(0);
    expect(copy.stderr).toContain("lacks a");
  });
});
