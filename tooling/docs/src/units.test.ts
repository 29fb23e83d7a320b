import { readFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { readPages } from "./markdown/read-pages.ts";
import { ROOT } from "./places.ts";

/** The name by which the units of nix-serve's users go on working. */
const ALIASES = ["nix-serve.service"];

const pages = await readPages();
const units = await readUnits();

describe("the units", () => {
  it.each(pages)("named in $file exist", ({ text }) => {
    const named = text.match(/\bnix-(?:cache|serve)[\w-]*\.(?:service|socket|timer)\b/g) ?? [];

    expect(named.filter((unit) => !units.has(unit))).toEqual([]);
  });

  it("are each named in docs/architecture.md", () => {
    const text = pages.find(({ file }) => file === "docs/architecture.md")?.text ?? "";

    expect([...units].filter((unit) => !text.includes(unit))).toEqual([]);
  });
});

async function readUnits(): Promise<ReadonlySet<string>> {
  const data: { readonly units: Readonly<Record<string, unknown>> } = JSON.parse(
    await readFile(`${ROOT}/tooling/systemd/units.json`, "utf8"),
  );
  return new Set([...Object.keys(data.units), ...ALIASES]);
}
