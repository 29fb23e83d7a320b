import { describe, expect, it } from "vitest";

import { getDependencyReleaseLine, getReleaseLine } from "./changelog.ts";

describe("getReleaseLine", () => {
  it("makes one item of all paragraphs", () => {
    const line = getReleaseLine({ summary: "Say what it does.\nOn two lines.\n\nTo upgrade: do this.  \n" });

    expect(line).toBe("\n- Say what it does.\n  On two lines.\n\n  To upgrade: do this.\n");
  });

  it("leaves lists and code of a paragraph as they are", () => {
    expect(getReleaseLine({ summary: "Two things:\n\n- one\n- `two`" })).toBe(
      "\n- Two things:\n\n  - one\n  - `two`\n",
    );
  });

  it("names no commit", () => {
    const changeset = { summary: "Mend it.", id: "calm-cats", commit: "0123456789abcdef" };

    expect(getReleaseLine(changeset)).toBe("\n- Mend it.\n");
  });
});

describe("getDependencyReleaseLine", () => {
  it("says nothing where nothing was brought along", () => {
    expect(getDependencyReleaseLine([], [])).toBe("");
  });

  it("names what was brought along", () => {
    const updated = [
      { name: "@nix-cache/nar", newVersion: "1.2.0" },
      { name: "@nix-cache/narinfo", newVersion: "1.2.1" },
    ];

    expect(getDependencyReleaseLine([], updated)).toBe(
      "\n- Brings @nix-cache/nar 1.2.0, @nix-cache/narinfo 1.2.1.\n",
    );
  });
});
