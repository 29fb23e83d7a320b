import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDocument } from "yaml";

import { evaluate, MEMBER_DIR } from "./support/evaluate.ts";
import { scrambleText } from "./support/scramble.ts";

/** What became of a text: its value, or a refusal. */
type Reading = { readonly success: true; readonly value: unknown } | { readonly success: false };

const LOCK = await readFile(`${MEMBER_DIR}/test/fixtures/peers/pnpm-lock.yaml`, "utf8");

/** Each kind of line that a lockfile has, and little of it, so that a change meets each of them often. */
const EXCERPT = `${LOCK.split("\n").slice(23, 70).join("\n")}
packages:

  '@types/react@19.1.0':
    resolution: {integrity: sha512-UaicktuQI+9UKyA4njtDOGBD/67t8YEBt2xdfqu8+gP9hqPUPsiXlNPcpS2gVdjmis5GKPG3fCxbQLVgxsQZ8w==}

  fsevents@2.3.3:
    engines: {node: ^8.16.0 || ^10.6.0 || >=11.0.0}
    os: [darwin, '!win32']

snapshots:

  js-tokens@4.0.0: {}
`;

/** Reads all texts in one evaluation; an error that is no refusal ends it, and with it the test. */
async function readTexts(texts: readonly string[]): Promise<readonly Reading[]> {
  const directory = await mkdtemp(`${tmpdir()}/pnpm-lock-yaml-`);
  try {
    await writeFile(`${directory}/texts.json`, JSON.stringify(texts));
    return await evaluate<Reading[]>(`
      map (text: let value = import ${MEMBER_DIR}/pnpm-lock/yaml.nix text; in
        builtins.tryEval (builtins.deepSeq value value))
      (builtins.fromJSON (builtins.readFile ${directory}/texts.json))
    `);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** As a whole parser reads it; undefined for what is no YAML, or has another value than one mapping. */
function parseWhole(text: string): unknown {
  const document = parseDocument(text, { schema: "failsafe" });
  return document.errors.length === 0 ? document.toJS() : undefined;
}

describe("pnpm-lock/yaml.nix", () => {
  it("reads each kind of line that a lockfile has", async () => {
    const [reading] = await readTexts([EXCERPT]);

    expect(reading).toEqual({ success: true, value: parseWhole(EXCERPT) });
  });

  it("reads quotes, and what is between them", async () => {
    const text = "'a: ''b'' #{': 'it''s, {x}'\nc: {d: 'e, f', g: h}\ni: ['j, k', l]\n";

    expect(await readTexts([text])).toEqual([
      { success: true, value: { "a: 'b' #{": "it's, {x}", c: { d: "e, f", g: "h" }, i: ["j, k", "l"] } },
    ]);
  });

  it("reads what is asked for beside a text of many lines", async () => {
    const text = "a:\\n  deprecated: |-\\n    old: 'one\\n\\n      new\\n  b: c\\n";

    expect(await evaluate(`(import ${MEMBER_DIR}/pnpm-lock/yaml.nix "${text}").a.b`)).toBe("c");
  });

  it("reads any text as a whole parser does, or refuses it", async () => {
    const texts = fc.sample(scrambleText(EXCERPT), { numRuns: 600, seed: 5 });

    const readings = await readTexts(texts);

    const read = texts.map((text, index) => ({ text, reading: readings[index] }));
    const accepted = read.flatMap(({ text, reading }) =>
      reading?.success === true ? [{ text, value: reading.value }] : [],
    );
    expect(accepted).toEqual(accepted.map(({ text }) => ({ text, value: parseWhole(text) })));
    expect(accepted.length).toBeGreaterThan(50);
    expect(accepted.length).toBeLessThan(texts.length);
  });
});
