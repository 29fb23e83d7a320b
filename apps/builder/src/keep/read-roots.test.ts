import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { parseConfig } from "@nix-cache/config";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { placesOf } from "../places.ts";
import { readForeignRoots, readOwnRoots } from "./read-roots.ts";

let directory: string;
let view: Parameters<typeof readOwnRoots>[0];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "read-roots-"));
  const lines = [
    `[nix]\nstateDir = "${directory}/var"`,
    '[builder]\nflakeRepo = "/srv/flake"\nhosts = ["nz"]',
    `stateDir = "${directory}/state"\ncacheDir = "${directory}/cache"`,
  ];
  const { builder, ...config } = parseConfig(lines.join("\n"), { format: "toml" });
  if (builder === undefined) throw new Error("expected a builder section");
  view = { config: { ...config, builder }, places: placesOf(builder) };
});

afterEach(() => rmSync(directory, { recursive: true }));

function link(path: string, target: string): void {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  symlinkSync(target, join(directory, path));
}

describe("readOwnRoots", () => {
  it("reads what is published, salvaged and staged, in either directory", async () => {
    link("var/gcroots/nix-cache-builder/nz/1", "/nix/store/a");
    link("var/gcroots/nix-cache-builder/.salvage/nz/toplevel", "/nix/store/b");
    link("state/gcroots/.staging/run-nz", "/nix/store/c");
    link("state/gcroots/nz/1", "/nix/store/a");
    link("state/gcroots/nz/2", "/elsewhere");

    expect((await readOwnRoots(view)).toSorted()).toEqual(["/nix/store/a", "/nix/store/b", "/nix/store/c"]);
  });

  it("reads nothing before the first publication", async () => {
    expect(await readOwnRoots(view)).toEqual([]);
  });
});

describe("readForeignRoots", () => {
  it("reads profiles and roots one and two links away, but not the builder's own", async () => {
    link("var/profiles/system-1-link", "/nix/store/a");
    link("var/profiles/system", "system-1-link");
    link("var/gcroots/auto/x", `${directory}/home/result`);
    link("home/result", "/nix/store/b/bin/program");
    link("var/gcroots/nix-cache-builder/nz/1", "/nix/store/own");
    link("var/gcroots/auto/y", `${directory}/var/gcroots/nix-cache-builder/nz/1`);
    link("var/gcroots/auto/z", `${directory}/state/gcroots/nz/2`);
    link("state/gcroots/nz/2", "/nix/store/own");
    link("var/gcroots/auto/gone", `${directory}/unmounted/result`);

    expect((await readForeignRoots(view)).toSorted()).toEqual(["/nix/store/a", "/nix/store/b"]);
  });
});
