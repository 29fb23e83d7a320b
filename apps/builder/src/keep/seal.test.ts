import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parseConfig } from "@nix-cache/config";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type Places, placesOf } from "../places.ts";
import { breakSeal, isSealed, seal, writeMarker } from "./seal.ts";

let directory: string;
let places: Places;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "seal-"));
  for (const name of ["cache", "state"]) mkdirSync(join(directory, name));
  const lines = [
    '[builder]\nflakeRepo = "/srv/flake"\nhosts = ["nz"]',
    `cacheDir = "${directory}/cache"\nstateDir = "${directory}/state"`,
  ];
  const { builder } = parseConfig(lines.join("\n"), { format: "toml" });
  if (builder === undefined) throw new Error("expected a builder section");
  places = placesOf(builder);
});

afterEach(() => rmSync(directory, { recursive: true }));

describe("the seal", () => {
  it("holds until links are about to be changed", async () => {
    const before = await isSealed(places);
    await seal(places);
    const during = await isSealed(places);
    await breakSeal(places);

    expect([before, during, await isSealed(places)]).toEqual([false, true, false]);
  });

  it("makes cacheDir, which a first run without a publication has not", async () => {
    rmSync(places.cacheDir, { recursive: true });

    await seal(places);

    expect(await isSealed(places)).toBe(true);
  });

  it("is broken by another cacheDir, whose marker has no seal", async () => {
    await seal(places);
    renameSync(places.cacheDir, join(directory, "unmounted"));
    mkdirSync(places.cacheDir);
    const empty = await isSealed(places);
    await writeMarker(places);

    expect([empty, await isSealed(places)]).toEqual([false, false]);
  });

  it("is broken by an older backup of cacheDir", async () => {
    await seal(places);
    cpSync(places.cacheDir, join(directory, "backup"), { recursive: true });
    await breakSeal(places);
    await seal(places);
    rmSync(places.cacheDir, { recursive: true });
    renameSync(join(directory, "backup"), places.cacheDir);

    expect(await isSealed(places)).toBe(false);
  });

  it("is broken by a marker that is cut short, as by a full disk", async () => {
    await seal(places);
    writeFileSync(places.markerFile, "");

    expect(await isSealed(places)).toBe(false);
  });

  it("tells people what the directory is, and is not renewed for nothing", async () => {
    await writeMarker(places);
    await seal(places);
    const text = readFileSync(places.markerFile, "utf8");
    await seal(places);

    expect(text).toMatch(/^This directory belongs to nix-cache-builder\./);
    expect(readFileSync(places.markerFile, "utf8")).toBe(text);
  });
});
