import { readFile } from "node:fs/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { commitFiles, formatInput, NIX_UNDER_TEST } from "../test/private-store.ts";
import { createProbe, type Probe } from "../test/probe.ts";
import { NIX_2_19 } from "../test/versions.ts";
import { updateLockFile } from "./commands/flake-update.ts";
import { formatGitFlakeRef } from "./flake-ref.ts";

describe(`updates of a flake with two inputs and ${NIX_UNDER_TEST}`, () => {
  let probe: Probe;
  let directory: string;
  let flakeRef: string;
  let locked: string;
  let newest: string;

  beforeAll(async () => {
    probe = await createProbe();
    directory = await probe.flake("both");
    flakeRef = formatGitFlakeRef({ directory, ref: "main", rev: await commitFiles(directory, {}) });
    locked = await readFile(`${directory}/flake.lock`, "utf8");
    newest = await commitFiles(probe.fixture.inStore("input"), { "flake.nix": formatInput("two") });
  });
  afterAll(async () => probe[Symbol.asyncDispose]());

  /** How often the newest commit is in a lock: once for each updated input. */
  const countNewest = async (lockFile: string): Promise<number> =>
    (await readFile(lockFile, "utf8")).split(newest).length - 1;

  /** The number of updated inputs, or the code of the error. */
  const update = async (name: string, inputs?: readonly [string, ...string[]]): Promise<unknown> => {
    const outputLockFile = probe.fixture.inStore(`${name}.lock`);
    const options = { flakeRef, outputLockFile, ...(inputs === undefined ? {} : { inputs }) };
    return probe.fixture.nix.updateLockFile(options).then(
      async () => countNewest(outputLockFile),
      (error: unknown) => Object(error).code,
    );
  };

  it.each([
    ["all", undefined, 2],
    ["one", ["a"], 1],
    ["several", ["a", "b"], 2],
  ] as const)(
    "writes a lock beside the flake with %s of them, or says that Nix cannot",
    async (name, inputs, count) => {
      const { separateLockFile } = probe.fixture.nix.capabilities;

      expect(await update(name, inputs)).toBe(separateLockFile ? count : "ERR_NIX_UNSUPPORTED");
      expect(await readFile(`${directory}/flake.lock`, "utf8")).toBe(locked);
    },
  );

  it("updates several in a copy of the flake, on every version", async () => {
    const copy = await probe.flake("copy");
    const before = await commitFiles(probe.fixture.inStore("input"), { "flake.nix": formatInput("three") });

    await probe.fixture.nix.updateDirectory({ directory: copy, inputs: ["a", "b"] });

    expect((await readFile(`${copy}/flake.lock`, "utf8")).split(before)).toHaveLength(3);
  });

  it("runs what is spelled for Nix 2.19, one input after the other, wherever inputs are positional", async () => {
    const outputLockFile = probe.fixture.inStore("chain.lock");
    const commands = updateLockFile({ flakeRef, outputLockFile, inputs: ["a", "b"] }, NIX_2_19);
    const isKnown = probe.fixture.nix.capabilities.updateTakesInputs;

    const results = [];
    for (const { argv } of commands) results.push(await probe.succeeds(...argv));

    expect(results).toEqual([isKnown, isKnown]);
    expect(isKnown ? (await readFile(outputLockFile, "utf8")).match(/"type": "git"/g)?.length : 4).toBe(4);
    // The first command's update is still there after the second's.
    expect(new Set(await revisionsIn(outputLockFile, isKnown)).size).toBe(isKnown ? 1 : 0);
  });
});

async function revisionsIn(lockFile: string, isThere: boolean): Promise<readonly string[]> {
  if (!isThere) return [];
  return [...(await readFile(lockFile, "utf8")).matchAll(/"rev": "([0-9a-f]{40})"/g)].map(
    ([, rev = ""]) => rev,
  );
}
