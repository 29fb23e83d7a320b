import { describe, expect, it } from "vitest";

import { type Finding, reportAs } from "./finding.ts";
import { formatFindings } from "./format-findings.ts";

const nix = reportAs("nix");
const server = reportAs("server");

describe("formatFindings", () => {
  it("names a check once, indents what belongs to it, and counts", () => {
    const findings: readonly Finding[] = [
      nix.ok("found"),
      nix.warning("old", { detail: "two\nlines" }),
      server.problem("down", { remedy: "start it\nlook" }),
      server.skipped("no"),
    ];

    expect(formatFindings(findings).split("\n")).toEqual([
      "ok       nix     found",
      "warning          old",
      "         two",
      "         lines",
      "problem  server  down",
      "         -> start it",
      "         -> look",
      "skipped          no",
      "",
      "1 problem, 1 warning, 1 ok, 1 skipped",
      "",
    ]);
  });

  it("repeats no remedy for what is skipped", () => {
    const findings = [
      nix.skipped("no", { remedy: "ask root" }),
      server.skipped("no", { remedy: "ask root" }),
    ];

    expect(formatFindings(findings).match(/ask root/g)).toHaveLength(1);
  });

  it("wraps what is read, and leaves alone what is copied", () => {
    const words = "word ".repeat(12).trim();
    const findings = [nix.problem(words, { detail: words, remedy: words })];

    expect(formatFindings(findings, 44).split("\n").slice(0, 6)).toEqual([
      "problem  nix  word word word word word word",
      "              word word word word word word",
      "         word word word word word word word",
      "         word word word word word",
      `         -> ${words}`,
      "",
    ]);
  });

  it("makes the words of others harmless", () => {
    expect(formatFindings([nix.problem("\u001b[2Jgone\u0007")])).toContain("problem  nix  gone\n");
  });
});
