import { stripVTControlCharacters } from "node:util";

import { describe, expect, it } from "vitest";

import { cutToWidth, formatTable } from "./format-table.ts";

const RED = "\u001b[31m";
const RESET = "\u001b[39m";

describe("formatTable", () => {
  it("aligns columns, numbers to the right, and leaves no space at the ends", () => {
    const rows = [
      ["HOST", "GEN", "NOTE"],
      ["nz", "7", ""],
      ["we.b", "123", "pinned"],
    ];

    const text = formatTable(rows, { right: [1] });

    expect(text).toBe(["HOST  GEN  NOTE", "nz      7", "we.b  123  pinned", ""].join("\n"));
  });

  it("aligns numbers in the last column, and lets what ends a shorter row be long", () => {
    const rows = [
      ["HOST", "BUILD", "FETCH"],
      ["nz", "2", "0 B"],
      ["we.b", "cannot be evaluated"],
    ];

    const text = formatTable(rows, { right: [1, 2] });

    expect(text).toBe(
      ["HOST  BUILD  FETCH", "nz        2    0 B", "we.b  cannot be evaluated", ""].join("\n"),
    );
  });

  it("does not count colors", () => {
    const rows = [
      [`${RED}bad${RESET}`, "x"],
      ["good", "y"],
    ];

    expect(stripVTControlCharacters(formatTable(rows))).toBe("bad   x\ngood  y\n");
  });

  it("cuts what does not fit", () => {
    expect(formatTable([["host", "a long reason"]], { indent: "  ", width: 12 })).toBe("  host  a l…\n");
  });

  it("is empty without rows", () => {
    expect(formatTable([])).toBe("");
  });
});

describe("cutToWidth", () => {
  it("leaves a line that fits", () => {
    expect(cutToWidth("12345", 5)).toBe("12345");
  });

  it("keeps the colors of what it cuts, and their end", () => {
    expect(cutToWidth(`${RED}12345${RESET} 6`, 4)).toBe(`${RED}123…${RESET}`);
  });

  it("cuts between characters", () => {
    expect(cutToWidth("🚀🚀🚀", 2)).toBe("🚀…");
  });
});
