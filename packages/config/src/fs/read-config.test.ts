import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { readConfig } from "./read-config.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(`${tmpdir()}/config-`);
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

describe("readConfig", () => {
  it("reads TOML", async () => {
    await writeFile(`${directory}/config.toml`, "[cacheServer]\nport = 5001\n");

    const config = await readConfig(`${directory}/config.toml`);

    expect(config.cacheServer.port).toBe(5001);
  });

  it("reads JSON, which is what the NixOS module writes", async () => {
    await writeFile(`${directory}/config.json`, '{"cacheServer":{"port":5001}}');

    const config = await readConfig(`${directory}/config.json`);

    expect(config.cacheServer.port).toBe(5001);
  });

  it("says that a file cannot be read", async () => {
    const missing = readConfig(`${directory}/none.toml`);

    await expect(missing).rejects.toMatchObject({
      code: "ERR_CONFIG_UNREADABLE",
      message: expect.stringContaining(`${directory}/none.toml cannot be used:\n  cannot be read: `),
    });
  });

  it("names the file before everything that is wrong in it", async () => {
    const file = `${directory}/config.toml`;
    await writeFile(file, "[cacheServer]\nport = -1\nfoo = 1\n");

    const invalid = readConfig(file);

    await expect(invalid).rejects.toMatchObject({
      code: "ERR_CONFIG_INVALID",
      problems: [{ key: "cacheServer.port" }, { key: "cacheServer.foo" }],
      message: expect.stringMatching(
        /^\S+config\.toml cannot be used:\n {2}cacheServer\.port: .+\n {2}cacheServer\.foo: .+$/,
      ),
    });
  });
});
