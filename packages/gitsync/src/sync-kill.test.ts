import { once } from "node:events";
import { renameSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { describe, expect, it } from "vitest";

import { ENGINES, optionsFor } from "../test/engines.ts";
import {
  commitAll,
  createUpstream,
  inspectCheckout,
  inspectUpstream,
  writeFiles,
} from "../test/repository.ts";
import { startSync } from "../test/start-sync.ts";
import { readCheckout, syncRepository } from "./index.ts";

/** Runs a sync in a process of its own and kills that after so many ms. */
async function killSync(options: ReturnType<ReturnType<typeof optionsFor>>, delayMs: number): Promise<void> {
  const child = startSync(options);
  const exit = once(child, "exit");
  await once(child.stdout, "data");
  await setTimeout(delayMs);
  child.kill("SIGKILL");
  await exit;
}

function makeFiles(seed: string): Record<string, string> {
  const names = Array.from({ length: 120 }, (_, index) => `dir-${index % 20}/file-${index}.txt`);
  return Object.fromEntries(names.map((name) => [name, `${seed} ${name}\n`.repeat(200)]));
}

describe.each(ENGINES)("syncRepository by %s, after it was killed", (engine) => {
  const makeOptions = optionsFor(engine);

  it.each([10, 30, 60, 100, 160, 240])("%i ms into its work, repairs what is there", async (delayMs) => {
    const upstream = createUpstream(makeFiles("first"));
    const options = makeOptions(upstream);
    await killSync(options, delayMs);
    await syncRepository(options);
    const { revision } = await syncRepository(options);
    writeFiles(upstream, makeFiles("second"));
    const next = commitAll(upstream);

    await killSync(options, delayMs);

    const usable = await readCheckout(options.directory);
    expect([revision, next]).toContain(usable?.revision);
    await syncRepository(options);
    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });

  it.each([".gitsync-new", ".gitsync-old", ".gitsync-incoming"])(
    "clears away %s that a killed sync left",
    async (name) => {
      const upstream = createUpstream();
      const options = makeOptions(upstream);
      writeFiles(options.directory, { [`${name}/HEAD`]: "ref: refs/heads/main\n" });

      await syncRepository(options);

      expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
    },
  );

  it("goes on where a sync was killed between the two renames of a swap", async () => {
    const upstream = createUpstream();
    const options = makeOptions(upstream);
    await syncRepository(options);
    writeFiles(options.directory, { ".gitsync-new/HEAD": "ref: refs/heads/main\n" });
    renameSync(join(options.directory, ".git"), join(options.directory, ".gitsync-old"));

    await syncRepository(options);

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });
});
