import { describe, expect, it } from "vitest";

import { agreementOn, readAgreement } from "../support/agreement.ts";
import { liveNumbers, NO_GRACE, publishTexts, readLinkedTexts } from "../support/generations.ts";
import { killCommand, type KillPoint } from "../support/killed-command.ts";
import { siteForTest } from "../support/site-for-test.ts";
import type { Site } from "../support/site.ts";

/** Far more steps than there are: the loop ends before. */
const NO_STEP = 500;

/** A site that keeps two generations. */
async function makeSite(): Promise<Site> {
  const site = await siteForTest({ nz: { text: "0" } }, { builder: [...NO_GRACE, "keepGenerations = 2"] });
  await publishTexts(site, "before 1", "before 2");
  return site;
}

/**
 * Kills a command at each of its steps in turn. Whatever the moment: what the links lead to survives a collection of the
 * machine's own, and the next prune makes everything agree.
 */
async function killAtEachStep(
  site: Site,
  prepare: (step: number) => Promise<void>,
  command: string,
  from: RegExp,
): Promise<number> {
  for (let at = 1; at < NO_STEP; at += 1) {
    const point: KillPoint = { from, at };
    await prepare(at);
    const [before] = await readLinkedTexts(site);
    const wasKilled = await killCommand(site, [command], point);
    await site.nix("nix-store", "--gc");
    const texts = await readLinkedTexts(site);
    expect([before, `step ${at}`], `newest result after step ${at}`).toContain(texts[0]);
    const prune = await site.builder("prune");
    expect(prune, `prune after step ${at}`).toMatchObject({ exitCode: 0 });
    expect(await readAgreement(site), `after step ${at}`).toEqual(agreementOn(liveNumbers(site)));
    if (!wasKilled) return at;
  }
  throw new Error(`expected the command to end within ${NO_STEP} steps`);
}

describe("a kill", { timeout: 3_600_000 }, () => {
  it("at any step of a publication loses nothing, and the next prune puts it right", async () => {
    const site = await makeSite();

    const steps = await killAtEachStep(
      site,
      async (step) => {
        await site.fleet.commit({ nz: { text: `step ${step}` } });
      },
      "run",
      /--add-root,.*\/nix-cache-builder\/nz\//,
    );

    expect(steps).toBeGreaterThan(20);
    expect(await readLinkedTexts(site)).toContain(`step ${steps}`);
  });

  it("at any step of a prune loses nothing that is kept, and the next one ends its work", async () => {
    const site = await makeSite();

    const steps = await killAtEachStep(
      site,
      async (step) => {
        await site.configure({ builder: ["keepGenerations = 3", 'collect = "none"'] });
        await publishTexts(site, `step ${step}`);
        await site.configure({ builder: [...NO_GRACE, "keepGenerations = 2"] });
      },
      "prune",
      /condemned_at = /,
    );

    expect(steps).toBeGreaterThan(10);
    expect(site.history((reader) => reader.condemnedGenerations())).toEqual([]);
  });
});
