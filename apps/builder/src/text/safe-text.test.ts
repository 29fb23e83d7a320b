import { describe, expect, it } from "vitest";

import { firstLineOf, toSafeText } from "./safe-text.ts";

describe("toSafeText", () => {
  it("drops colors, titles, links and cursor movement", () => {
    const hostile =
      "\u001b[31mred\u001b[0m\u001b]0;title\u0007 \u001b]8;;https://evil\u0007text\u001b[2J\u001b[H.";

    expect(toSafeText(hostile)).toBe("red text.");
  });

  it("drops what is left of a sequence that does not end", () => {
    expect(toSafeText("a\u001b")).toBe("a");
    expect(toSafeText("a\u009b")).toBe("a");
  });

  it("drops what turns the order of text around", () => {
    expect(toSafeText("safe\u202egpj.exe")).toBe("safegpj.exe");
  });

  it("keeps tabs, lines and the letters of every language", () => {
    expect(toSafeText("ä\tβ\n漢字 🚀")).toBe("ä\tβ\n漢字 🚀");
  });
});

describe("firstLineOf", () => {
  it("skips lines that say nothing", () => {
    expect(firstLineOf("\n  \u001b[0m\n  error: no\tsuch host\nmore")).toBe("no such host");
  });

  it("shows of store paths what tells them apart for people", () => {
    const path = "/srv/nix/store/1cd3hhh9fixmx6728a54jvry3bs72a31-nixos-system-we.b.drv";

    expect(firstLineOf(`error: builder for '${path}' failed with exit code 3`)).toBe(
      "builder for 'nixos-system-we.b.drv' failed with exit code 3",
    );
  });

  it("says why, and not which program said so", () => {
    expect(firstLineOf("nix eval ended with status 1: error: no such host")).toBe("no such host");
    expect(firstLineOf("nix-store --realise ended with status 100: killed")).toBe("killed");
    expect(firstLineOf("nix eval ended with status 1")).toBe("nix eval ended with status 1");
  });

  it("is empty for a text that says nothing", () => {
    expect(firstLineOf(" \n")).toBe("");
  });
});
