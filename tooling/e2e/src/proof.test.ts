import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type Client, createClient } from "./support/client.ts";
import { type RunningServer, startServer } from "./support/server.ts";
import { createSite, type Site } from "./support/site.ts";

const HOSTS = { nz: { text: "nz" }, zanoza: { text: "zanoza" }, mz: { text: "mz" }, beez: { text: "beez" } };
const NAMES = Object.keys(HOSTS);

let site: Site;
let server: RunningServer;

beforeAll(async () => {
  site = await createSite(HOSTS);
  await site.run();
  server = await startServer(site.configFile);
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
});

function client(trustedKeys: readonly string[]): Promise<Client> {
  return createClient({ storeDir: site.storeDir, trustedKeys });
}

describe("a real client with an empty store", () => {
  it.each(NAMES)("copies %s and finds every path whole and signed", async (host) => {
    await using machine = await client([site.publicKey]);
    const toplevel = await site.toplevel(host);

    const copy = await machine.nix("nix", "copy", "--from", server.url, toplevel);
    const verify = await machine.nix("nix", "store", "verify", "--recursive", "--sigs-needed", "1", toplevel);

    expect(copy).toMatchObject({ exitCode: 0 });
    expect(verify).toMatchObject({ exitCode: 0 });
  });

  it("refuses what is signed with a key that it does not trust", async () => {
    await using machine = await client([]);
    const toplevel = await site.toplevel("nz");

    const copy = await machine.nix("nix", "copy", "--from", server.url, toplevel);

    expect(copy.exitCode).not.toBe(0);
    expect(copy.stderr).toContain("lacks a");
  });

  it("substitutes during a realisation instead of building", async () => {
    await using machine = await client([site.publicKey]);
    const toplevel = await site.toplevel("mz");

    const realise = await machine.nix(
      "nix-store",
      "--realise",
      toplevel,
      "--option",
      "substituters",
      server.url,
      "--max-jobs",
      "0",
    );

    expect(realise).toMatchObject({ exitCode: 0, stdout: toplevel });
    expect(realise.stderr).toContain(`copying path '${toplevel}' from '${server.url}'`);
  });
});

describe("what is published", () => {
  it("is all there after a garbage collection of the builder's store", async () => {
    const toplevels = await Promise.all(NAMES.map(site.toplevel));
    const before = await site.nix("nix-store", "--query", "--requisites", ...toplevels);

    const collection = await site.nix("nix-store", "--gc");
    const after = await site.nix("nix-store", "--check-validity", ...before.stdout.split("\n"));

    expect(collection).toMatchObject({ exitCode: 0 });
    expect(collection.stderr).toContain("deleting garbage...");
    expect(after).toMatchObject({ exitCode: 0, stderr: "" });
  });

  it("carries the builder's own signatures", async () => {
    const toplevels = await Promise.all(NAMES.map(site.toplevel));

    const verify = await site.nix(
      "nix",
      "store",
      "verify",
      "--recursive",
      "--no-contents",
      "--sigs-needed",
      "1",
      "--trusted-public-keys",
      site.publicKey,
      ...toplevels,
    );

    expect(verify).toMatchObject({ exitCode: 0 });
  });

  it("is accepted by clients when the server has no key of its own", async () => {
    await site.configure({ cacheServer: ["signingKeyFiles = []"] });
    await using keyless = await startServer(site.configFile);
    await using machine = await client([site.publicKey]);
    const toplevels = await Promise.all(NAMES.map(site.toplevel));

    const copy = await machine.nix("nix", "copy", "--from", keyless.url, ...toplevels);

    expect(copy).toMatchObject({ exitCode: 0 });
  });

  it("is all that is served", async () => {
    const other = await site.nix("nix", "eval", "--raw", "--expr", 'builtins.toFile "private" "secret"');
    const hashPart = other.stdout.slice(site.storeDir.length + 1, site.storeDir.length + 33);

    const unpublished = await fetch(`${server.url}/${hashPart}.narinfo`);

    expect(other.exitCode).toBe(0);
    expect(unpublished.status).toBe(404);
  });
});

describe("a fleet with one broken host", () => {
  it("ends PARTIAL with the other three served", async () => {
    await using broken = await createSite({ ...HOSTS, mz: { text: "mz", fails: "build" } });
    await broken.run();
    await using cache = await startServer(broken.configFile);
    await using machine = await createClient({ storeDir: broken.storeDir, trustedKeys: [broken.publicKey] });
    const toplevels = await Promise.all(["nz", "zanoza", "beez"].map(broken.toplevel));

    const copy = await machine.nix("nix", "copy", "--from", cache.url, ...toplevels);

    expect(broken.history((reader) => reader.latestRun()?.status)).toBe("PARTIAL");
    expect(copy).toMatchObject({ exitCode: 0 });
  });
});
