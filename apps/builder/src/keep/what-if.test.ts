import { parseConfig } from "@nix-cache/config";
import { describe, expect, it } from "vitest";

import { CommandError } from "../command-error.ts";
import { changeLimits } from "./what-if.ts";

const { builder } = parseConfig('[builder]\nflakeRepo = "/srv/flake"\nhosts = ["nz"]', { format: "toml" });
if (builder === undefined) throw new Error("expected a builder section");
const change = (...changes: readonly string[]): unknown => changeLimits(builder, changes);

describe("changeLimits", () => {
  it("leaves what is not asked for as the configuration has it", () => {
    expect(change("keepGenerations=5", "maxCacheSize=0")).toEqual({
      keepGenerations: 5,
      maxCacheSize: 0,
      minFreeSpace: 0,
      graceHours: 24,
      removedHostDays: 7,
    });
  });

  it("takes the last of two changes of the same", () => {
    expect(change("graceHours=1", "graceHours=2")).toMatchObject({ graceHours: 2 });
  });

  it.each([
    "keepGenerations",
    "keepGenerations=",
    "keepGenerations=-1",
    "keepGenerations=1.5",
    "keepGenerations=x",
  ])("refuses %s", (text) => {
    expect(() => change(text)).toThrow(CommandError);
    expect(() => change(text)).toThrow("expected keepGenerations=N with a whole number, 0 or more");
  });

  it("names the limit that was meant, or all", () => {
    expect(() => change("keepGeneration=1")).toThrow("did you mean keepGenerations?");
    expect(() => change("colour=1")).toThrow("expected one of keepGenerations, maxCacheSize, minFreeSpace");
  });
});
