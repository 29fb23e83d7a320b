import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { checkConfig, summarizeConfig } from "./check-config.ts";

let file: string;

beforeEach(() => {
  file = `${mkdtempSync(`${tmpdir()}/check-config-`)}/config.toml`;
});

afterEach(() => rmSync(file.slice(0, -"/config.toml".length), { recursive: true }));

function write(text: string, mode: number): void {
  writeFileSync(file, text);
  chmodSync(file, mode);
}

const WITH_SECRETS = `[nix]
settings.access-tokens = "github.com=ghp_x"
[builder]
flakeRepo = "https://me:secret@example.org/flake.git"
hosts = ["nz"]
`;

describe("checkConfig", () => {
  it("finds a secret in a file that everyone can read, and says none of it", async () => {
    write(WITH_SECRETS, 0o644);

    const error: unknown = await checkConfig(file).catch((caught: unknown) => caught);

    expect(error).toMatchObject({
      code: "ERR_CONFIG_INVALID",
      problems: [{ key: "builder.flakeRepo" }, { key: "nix.settings" }],
      message: expect.not.stringMatching(/secret@|ghp_x/),
    });
  });

  it("lets a file that nobody else can read have them", async () => {
    write(WITH_SECRETS, 0o600);

    expect(summarizeConfig(await checkConfig(file))).toBe(
      "builds nz of https://example.org/flake.git, branch main, at *-*-* 02:00:00; serves on port 5000",
    );
  });

  it("finds a schedule that is none, beside what else is wrong", async () => {
    write('[builder]\nflakeRepo = "/srv/flake"\nhosts = ["*"]\nbuildTime = "25:00"\n', 0o644);

    await expect(checkConfig(file)).rejects.toThrow(
      `${file} cannot be used:\n  builder.buildTime: expected a time such as 02:00, found "25:00"`,
    );
  });

  it("needs no builder section", async () => {
    write('[cacheServer]\nhost = "unix:/run/nix-cache/socket"\n', 0o644);

    expect(summarizeConfig(await checkConfig(file))).toBe("serves on /run/nix-cache/socket, builds nothing");
  });
});
