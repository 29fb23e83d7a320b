import { mkdir, readFile, writeFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { ROOT } from "../support/places.ts";
import { tempDirForTest } from "../support/temp-dir.ts";
import type { BundledPackage } from "./read-bundle.ts";
import { readNotice } from "./read-license.ts";

const MIT = await readFile(`${ROOT}/LICENSE`, "utf8");

const ZLIB = `"use strict";

// (C) 1995 Somebody
//
// This software is provided 'as-is', without any express or implied warranty.
// 2. Altered source versions must be plainly marked as such.

var x;
`;

interface Contents {
  readonly license?: string;
  readonly files?: Readonly<Record<string, string>>;
}

async function makePackage({ license, files = {} }: Contents): Promise<BundledPackage> {
  const directory = `${await tempDirForTest("license")}/a`;
  await mkdir(directory);
  const manifest = { name: "a", version: "1.0.0", ...(license === undefined ? {} : { license }) };
  await writeFile(`${directory}/package.json`, JSON.stringify(manifest));
  for (const [name, text] of Object.entries(files)) await writeFile(`${directory}/${name}`, text);
  const sources = Object.keys(files).filter((name) => name.endsWith(".js"));
  return { directory, files: sources.map((name) => `${directory}/${name}`) };
}

describe("readNotice", () => {
  it("takes licence files by any of their names", async () => {
    const bundled = await makePackage({ license: "MIT", files: { "licence.md": MIT, NOTICE: "by a\n" } });

    expect(await readNotice(bundled)).toEqual({
      name: "a",
      version: "1.0.0",
      license: "MIT",
      texts: ["by a\n", MIT],
    });
  });

  it("takes from a bundled source what the licence file lacks", async () => {
    const bundled = await makePackage({
      license: "(MIT AND Zlib)",
      files: { LICENSE: MIT, "index.js": ZLIB },
    });

    const { texts } = await readNotice(bundled);

    expect(texts).toEqual([MIT, expect.stringMatching(/^\(C\) 1995 Somebody\n\nThis software/)]);
  });

  it.each([
    ["no licence", {}, "expected a licence in a's package.json, found none"],
    ["no text of its licence", { license: "MIT" }, "expected the text of MIT in a, found none"],
    ["another licence's text", { license: "ISC", files: { LICENSE: MIT } }, "expected the text of ISC in a"],
    [
      "a licence that may not be bundled",
      { license: "GPL-3.0-only" },
      "found GPL-3.0-only: look at its terms",
    ],
    ["a choice of licences", { license: "MIT OR GPL-2.0" }, "found MIT OR GPL-2.0: look at its terms"],
    ["a licence that points to a file", { license: "SEE LICENSE IN X" }, "found SEE LICENSE IN X"],
  ])("refuses %s", async (_, contents: Contents, message) => {
    const bundled = await makePackage(contents);

    await expect(readNotice(bundled)).rejects.toThrow(message);
  });
});
