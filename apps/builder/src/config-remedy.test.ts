import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";

import { ConfigError } from "@nix-cache/config";
import { describe, expect, it, onTestFinished } from "vitest";

import { describeConfigError, remedyForConfig } from "./config-remedy.ts";
import { loadConfig } from "./load-config.ts";

const FILE = "/etc/nix-cache-builder/config.toml";

describe("remedyForConfig", () => {
  it("is rights for a file that others may not read", () => {
    const cause = Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
    const error = new ConfigError("ERR_CONFIG_UNREADABLE", [], { cause, file: FILE });

    expect(remedyForConfig(FILE, error)).toMatch(`sudo chmod a+r ${FILE} `);
  });

  it("is the file itself for what is wrong in it", () => {
    const error = new ConfigError("ERR_CONFIG_INVALID", [{ key: "nix.foo", message: "unknown key" }]);

    expect(remedyForConfig(FILE, error)).toBe(`correct ${FILE}, and try again`);
  });
});

describe("describeConfigError", () => {
  it("leaves alone what says by itself what was expected", () => {
    const error = new ConfigError("ERR_CONFIG_INVALID", [{ key: "nix.foo", message: "unknown key" }]);

    expect(describeConfigError(FILE, error)).toBe("nix.foo: unknown key");
  });

  it("says how to come to a configuration that is not there", async () => {
    const directory = await mkdtemp(`${tmpdir()}/config-`);
    onTestFinished(() => rm(directory, { recursive: true }));

    await expect(loadConfig(`${directory}/none.toml`)).rejects.toThrow(
      /none\.toml cannot be used:\n {2}cannot be read: ENOENT.*\n {2}-> sudo nix-cache-builder install /,
    );
  });
});
