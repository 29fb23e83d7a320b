import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";

import { type Config, parseConfig } from "@nix-cache/config";
import { describe, expect, it, onTestFinished } from "vitest";

import { findObstacles } from "./find-obstacles.ts";

const BUILDER = { flakeRepo: "git@example.org:flake.git", hosts: ["nz"] };

const configOf = (sections: Readonly<Record<string, unknown>>): Config =>
  parseConfig(JSON.stringify(sections), { format: "json" });

const keysOf = (sections: Readonly<Record<string, unknown>>, scope: "system" | "user"): readonly string[] =>
  findObstacles(configOf(sections), scope).map(({ key }) => key);

describe("findObstacles", () => {
  it("finds none in a plain configuration of a system's", () => {
    expect(keysOf({ builder: BUILDER }, "system")).toEqual([]);
  });

  it.each([
    [{ port: 0 }, "cacheServer.port"],
    [{ port: 80 }, "cacheServer.port"],
    [{ host: "unix:/srv/socket" }, "cacheServer.host"],
  ])("finds that a server with %j cannot be reached", (cacheServer, key) => {
    expect(keysOf({ cacheServer }, "system")).toEqual([key]);
  });

  it.each([
    { port: 80, socketActivation: true },
    { host: "unix:/srv/socket", socketActivation: true },
    { host: "unix:/run/nix-cache/socket" },
    { port: 0, enable: false },
  ])("lets %j pass", (cacheServer) => {
    expect(keysOf({ builder: BUILDER, cacheServer }, "system")).toEqual([]);
  });

  it("finds directories that services see as empty ones of their own", () => {
    const builder = {
      ...BUILDER,
      stateDir: "/tmp/state",
      flakePath: "/tmp/state/flake",
      cacheDir: "/var/tmp/builds",
    };

    expect(keysOf({ builder }, "system")).toEqual([
      "builder.stateDir",
      "builder.cacheDir",
      "builder.flakePath",
    ]);
  });

  it("finds nothing to install", () => {
    expect(findObstacles(configOf({ cacheServer: { enable: false } }), "system")).toHaveLength(1);
  });

  it("lets a user have what is the user's own", () => {
    const directory = mkdtempSync(`${tmpdir()}/obstacles-`);
    onTestFinished(() => rmSync(directory, { recursive: true }));
    writeFileSync(`${directory}/file`, "");
    const builder = {
      ...BUILDER,
      stateDir: `${directory}/state`,
      flakePath: `${directory}/state/flake`,
      cacheDir: `${directory}/cache`,
    };

    expect(keysOf({ builder }, "user")).toEqual([]);
    expect(keysOf({ builder: { ...builder, cacheDir: `${directory}/file/builds` } }, "user")).toEqual([
      "builder.cacheDir",
    ]);
  });
});
