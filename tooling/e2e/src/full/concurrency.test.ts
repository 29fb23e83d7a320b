import { describe, expect, it } from "vitest";

import { agreementOn, readAgreement } from "../support/agreement.ts";
import { type CommandEnd, NIX_CONFIG } from "../support/command.ts";
import { liveNumbers, NO_GRACE, readLinkedTexts } from "../support/generations.ts";
import { ROOT } from "../support/places.ts";
import { siteForTest } from "../support/site-for-test.ts";
import type { Site } from "../support/site.ts";
import { startProgram } from "../support/start-program.ts";

const ROUNDS = 4;

/** Another command holds the run lock. */
const LOCKED = 75;

/** Repeats a command until something else has ended, once at least; answers how it ended each time. */
async function repeatUntil(
  end: Promise<unknown>,
  command: () => Promise<CommandEnd>,
): Promise<ReadonlySet<number | undefined>> {
  const codes = new Set<number | undefined>();
  const isOver = end.then(() => true);
  // Of two that are settled, the first is taken.
  do codes.add((await command()).exitCode);
  while (!(await Promise.race([isOver, Promise.resolve(false)])));
  return codes;
}

async function startRun(site: Site): Promise<Promise<unknown>[]> {
  const { ended } = await startProgram({
    argv: [`${ROOT}/tooling/bin/nix-cache-builder`, "run", "--config", site.configFile],
    env: { NIX_CONFIG, NIX_REMOTE: "", HOME: `${site.directory}/home` },
    until: "run started",
  });
  // In a list: a promise of a promise would be waited for.
  return [ended];
}

describe("run, prune and the machine's own garbage collection at once", () => {
  it("lose nothing that is published", async () => {
    const site = await siteForTest({ nz: { text: "0" } }, { builder: [...NO_GRACE, "keepGenerations = 2"] });
    await site.run();
    const collect = (): Promise<CommandEnd> => site.nix("nix-store", "--gc");

    for (let round = 1; round <= ROUNDS; round += 1) {
      await site.fleet.commit({ nz: { text: `round ${round}` } });
      const [run = Promise.resolve()] = await startRun(site);
      const during = await Promise.all([
        repeatUntil(run, () => site.builder("prune")),
        repeatUntil(run, collect),
      ]);
      const prune = site.builder("prune");
      const collections = await repeatUntil(prune, collect);

      expect(during[0].difference(new Set([0, LOCKED])).size).toBe(0);
      expect(during[0]).toContain(LOCKED);
      expect([...during[1].union(collections)]).toEqual([0]);
      expect(await prune).toMatchObject({ exitCode: 0 });
      expect(await readAgreement(site)).toEqual(agreementOn(liveNumbers(site)));
      expect((await readLinkedTexts(site)).length).toBeGreaterThanOrEqual(2);
    }

    await site.fleet.commit({ nz: { text: "last" } });
    await site.run();
    expect((await readLinkedTexts(site))[0]).toBe("last");
    expect(await readAgreement(site)).toEqual(agreementOn(liveNumbers(site)));
  });
});
