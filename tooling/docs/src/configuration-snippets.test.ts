import { ConfigError, parseConfig } from "@nix-cache/config";
import { describe, expect, it } from "vitest";

import { listBlocks } from "./markdown/list-snippets.ts";
import { readPages } from "./markdown/read-pages.ts";

const blocks = (await readPages()).flatMap((page) => listBlocks(page, "toml"));

describe("the configurations", () => {
  it.each(blocks)("at $place can be used", ({ code, language }) => {
    expect(findProblems(code, language)).toEqual([]);
  });

  it("are found at all", () => {
    expect(blocks.length).toBeGreaterThan(1);
  });

  it("that are partial are checked, too", () => {
    expect(findProblems("[builder]\nkeepGenerations = -1\n", "toml partial")).toEqual([
      "builder.keepGenerations: expected a whole number, 0 or more, found -1",
    ]);
  });
});

/** A partial one leaves out what a builder has to have. */
function findProblems(code: string, language: string): readonly string[] {
  try {
    parseConfig(code, { format: "toml" });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems
      .filter(({ message }) => !(language.endsWith(" partial") && message.startsWith("required: ")))
      .map(({ key, message }) => `${key}: ${message}`);
  }
  return [];
}
