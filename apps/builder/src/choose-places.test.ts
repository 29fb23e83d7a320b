import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parseConfig } from "@nix-cache/config";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { choosePlaces } from "./choose-places.ts";
import type { Places } from "./places.ts";

/** Not even root makes a directory in a file system of the kernel's own. */
const FORBIDDEN = "/sys/nix-cache-builder";

let directory: string;
let logged: string[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "choose-places-"));
  logged = [];
});

afterEach(() => rmSync(directory, { recursive: true }));

async function choose(rootsDir: string): Promise<Places> {
  const lines = [
    "[builder]",
    'flakeRepo = "/srv/flake"',
    'hosts = ["nz"]',
    `stateDir = "${directory}/state"`,
  ];
  const text = [...lines, `rootsDir = "${rootsDir}"`].join("\n");
  const { builder, ...config } = parseConfig(text, { format: "toml" });
  if (builder === undefined) throw new Error("expected a builder section");
  const log = pino({ base: null, timestamp: false }, { write: (line: string) => logged.push(line) });
  return choosePlaces({ config: { ...config, builder }, log });
}

describe("choosePlaces", () => {
  it("has new roots go to rootsDir, which it makes", async () => {
    const { rootsDirs, stagingDir } = await choose(`${directory}/var/roots`);

    expect(rootsDirs).toEqual([`${directory}/var/roots`, `${directory}/state/gcroots`]);
    expect(stagingDir).toBe(`${directory}/var/roots/.staging`);
    expect(logged).toEqual([]);
  });

  it("has new roots go to the fallback where rootsDir cannot be made, and says so once", async () => {
    const { rootsDirs, generationRoot } = await choose(FORBIDDEN);

    expect(rootsDirs).toEqual([`${directory}/state/gcroots`, FORBIDDEN]);
    expect(generationRoot("nz", 1)).toBe(`${directory}/state/gcroots/nz/1`);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain(`give ${FORBIDDEN} and all that is in it to the user who runs this`);
  });

  it("goes by what this user may do in a host's directory, which modes do not tell of root", async () => {
    mkdirSync(`${directory}/roots/nz`, { recursive: true });
    chmodSync(`${directory}/roots/nz`, 0o555);
    const isRoot = process.getuid?.() === 0;

    const { rootsDirs } = await choose(`${directory}/roots`);

    expect(rootsDirs[0]).toBe(`${directory}/${isRoot ? "roots" : "state/gcroots"}`);
  });
});
