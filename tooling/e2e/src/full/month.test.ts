import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { liveThrough, type Night } from "../support/month.ts";
import { createSite, type Site } from "../support/site.ts";

const NIGHTS = 30;
const GB = 1e9;
const PINNED = "nz/2";
/** When beez leaves the configuration for good; it goes at once. */
const REMOVAL = 24;
/** What the store's own bookkeeping and the size of directories may add to what du counts, in bytes. */
const SLACK = 5_000_000;

const LIMITS = [
  "maxCacheSize = 1",
  "keepGenerations = 3",
  "graceHours = 0",
  "collectGraceMinutes = 0",
  "removedHostDays = 0",
];

/** The hosts that the configuration names in a night. */
const hostsOf = (night: number): readonly string[] =>
  ["nz", "zanoza", "mz", "beez"].filter((host) => host !== "beez" || night < REMOVAL);

describe("a month of nights with a cap that bites", () => {
  let site: Site;
  let nights: readonly Night[];

  beforeAll(async () => {
    site = await createSite(
      { nz: { text: "1" }, zanoza: { text: "1" }, mz: { text: "1" }, beez: { text: "1" } },
      { builder: LIMITS },
    );
    nights = await liveThrough(site, {
      nights: NIGHTS,
      // nz changes each night, zanoza every third; mz does not build for two weeks, beez does not evaluate every fourth.
      hostsOf: (night) => ({
        nz: { text: `nz ${night}`, megabytes: 130 },
        zanoza: { text: `zanoza ${Math.ceil(night / 3)}`, megabytes: 120 },
        mz: { text: `mz ${night}`, megabytes: 110, ...(night > 5 && night < 20 ? { fails: "build" } : {}) },
        beez: { text: `beez ${night}`, megabytes: 100, ...(night % 4 === 0 ? { fails: "evaluation" } : {}) },
      }),
      // The run collects nothing, so that what the prune frees can be measured on its own.
      beforeRun: (night) =>
        site.configure({ hosts: hostsOf(night), builder: [...LIMITS, 'collect = "none"'] }),
      beforePrune: async (night) => {
        await site.configure({ hosts: hostsOf(night), builder: LIMITS });
        if (night === 2) await site.builder("pin", "nz", "2");
      },
    });
  }, 1_200_000);
  afterAll(async () => site[Symbol.asyncDispose]());

  it("serves of each host what it was in its last good night", () => {
    const served = nights.map((night) => night.served);

    expect(served).toEqual(
      nights.map(({ expected, night }) => (night < REMOVAL ? expected : { ...expected, beez: undefined })),
    );
  });

  it("has the same generations as history, GC roots and links", () => {
    const { live, links, roots } = {
      live: nights.map((night) => night.live),
      links: nights.map((night) => night.links),
      roots: nights.map((night) => night.roots),
    };

    expect(roots).toEqual(live);
    expect(links).toEqual(live);
  });

  it("loses nothing that it keeps to the machine's own garbage collection", () => {
    expect(nights.flatMap(({ collected }) => collected)).toEqual([]);
  });

  it("stays below the cap, which bites, or says that only protected generations are left", () => {
    const over = nights.filter(({ rootedBytes, usage }) => rootedBytes > GB && usage?.overCap !== true);
    const collections = nights.filter(({ collection }) => (collection?.plannedBytes ?? 0) > 0);

    expect(over).toEqual([]);
    expect(collections.length).toBeGreaterThan(NIGHTS / 2);
  });

  it("counts as Nix counts", () => {
    expect(nights.map(({ usage }) => usage?.rootedBytes)).toEqual(
      nights.map(({ rootedBytes }) => rootedBytes),
    );
  });

  it("frees on the disk what it planned to free", () => {
    const wrong = nights.filter(
      ({ collection, shrunkBytes }) => Math.abs(shrunkBytes - (collection?.plannedBytes ?? 0)) > SLACK,
    );

    expect(wrong).toEqual([]);
  });

  it("keeps what is pinned to the end", () => {
    expect(nights.slice(2).every(({ live }) => live.includes(PINNED))).toBe(true);
  });

  it("lets go of a host that left the configuration", () => {
    expect(nights.at(-1)?.live.filter((name) => name.startsWith("beez/"))).toEqual([]);
  });
});
