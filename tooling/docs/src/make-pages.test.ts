import { readFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { makePages } from "./make-pages.ts";
import { ROOT } from "./places.ts";

describe("makePages", async () => {
  it.each(await makePages())("makes $file as it is committed: pnpm generate", async ({ file, text }) => {
    const committed = await readFile(`${ROOT}/${file}`, "utf8");

    expect(committed).toBe(text);
  });
});
