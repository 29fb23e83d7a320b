import { readlink, rm } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { listLinks, liveNumbers, NO_GRACE, publishTexts, rootsOf } from "./support/generations.ts";
import { readText, siteForTest } from "./support/site-for-test.ts";

describe("what is kept", () => {
  it("has a link for each generation and one for the newest", async () => {
    const site = await siteForTest({ nz: { text: "0" } });

    await publishTexts(site, "1", "2");

    expect(await listLinks(site)).toEqual(["nz-result", "nz-result-1", "nz-result-2"]);
    expect(await readlink(`${site.directory}/cache/nz-result`)).toBe(`${rootsOf(site)}/nz/2`);
  });

  it("is what keepGenerations says, and the store loses the rest", async () => {
    const site = await siteForTest({ nz: { text: "0" } }, { builder: [...NO_GRACE, "keepGenerations = 2"] });
    await publishTexts(site, "1");
    const first = await site.toplevel("nz");

    await publishTexts(site, "2", "3");

    const gone = await site.nix("nix-store", "--check-validity", first);
    expect(liveNumbers(site)).toEqual([3, 2]);
    expect(await listLinks(site)).toEqual(["nz-result", "nz-result-2", "nz-result-3"]);
    expect(gone.exitCode).not.toBe(0);
    expect(site.history((reader) => reader.collections(10))).toMatchObject([{ mode: "targeted" }]);
  });

  it("goes when its link is deleted by hand, but for the newest and a pinned one", async () => {
    const site = await siteForTest({ nz: { text: "0" } }, { builder: NO_GRACE });
    await publishTexts(site, "1", "2", "3");
    await site.builder("pin", "nz", "1");
    for (const name of await listLinks(site)) await rm(`${site.directory}/cache/${name}`);

    const { exitCode, stdout } = await site.builder("prune");

    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
    expect(liveNumbers(site)).toEqual([3, 1]);
    expect(await listLinks(site)).toEqual(["nz-result", "nz-result-1", "nz-result-3"]);
    expect(await readText(site, "nz")).toBe("3");
  });
});
