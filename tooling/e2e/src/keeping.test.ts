import { readdir, readlink, rm } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { readText, siteForTest } from "./support/site-for-test.ts";
import type { Site } from "./support/site.ts";

/** Nothing is protected by its age, and what is dropped is deleted at once. */
const NO_GRACE = ["graceHours = 0", "collectGraceMinutes = 0"];

/** Publishes generations of host nz, each with another text. */
async function publish(site: Site, ...texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    await site.fleet.commit({ nz: { text } });
    await site.run();
  }
}

async function links(site: Site): Promise<readonly string[]> {
  return (await readdir(`${site.directory}/cache`)).filter((name) => !name.startsWith(".")).toSorted();
}

function live(site: Site, host = "nz"): readonly number[] | undefined {
  return site.history((reader) =>
    reader
      .generations(host)
      .filter(({ condemnedAt }) => condemnedAt === undefined)
      .map(({ number }) => number),
  );
}

describe("what is kept", () => {
  it("has a link for each generation and one for the newest", async () => {
    const site = await siteForTest({ nz: { text: "0" } });

    await publish(site, "1", "2");

    expect(await links(site)).toEqual(["nz-result", "nz-result-1", "nz-result-2"]);
    expect(await readlink(`${site.directory}/cache/nz-result`)).toBe(
      `${site.directory}/var/nix/gcroots/nix-cache-builder/nz/2`,
    );
  });

  it("is what keepGenerations says, and the store loses the rest", async () => {
    const site = await siteForTest({ nz: { text: "0" } }, { builder: [...NO_GRACE, "keepGenerations = 2"] });
    await publish(site, "1");
    const first = await site.toplevel("nz");

    await publish(site, "2", "3");

    const gone = await site.nix("nix-store", "--check-validity", first);
    expect(live(site)).toEqual([3, 2]);
    expect(await links(site)).toEqual(["nz-result", "nz-result-2", "nz-result-3"]);
    expect(gone.exitCode).not.toBe(0);
    expect(site.history((reader) => reader.collections(10))).toMatchObject([{ mode: "targeted" }]);
  });

  it("goes when its link is deleted by hand, but for the newest and a pinned one", async () => {
    const site = await siteForTest({ nz: { text: "0" } }, { builder: NO_GRACE });
    await publish(site, "1", "2", "3");
    await site.builder("pin", "nz", "1");
    for (const name of await links(site)) await rm(`${site.directory}/cache/${name}`);

    const { exitCode, stdout } = await site.builder("prune");

    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
    expect(live(site)).toEqual([3, 1]);
    expect(await links(site)).toEqual(["nz-result", "nz-result-1", "nz-result-3"]);
    expect(await readText(site, "nz")).toBe("3");
  });
});
