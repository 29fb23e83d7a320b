import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { readModuleOptions } from "./configuration/module-options.ts";
import { evaluateNix } from "./evaluate-nix.ts";
import { listBlocks, type Snippet } from "./markdown/list-snippets.ts";
import { readPages } from "./markdown/read-pages.ts";
import { ROOT } from "./places.ts";

const blocks = (await readPages()).flatMap((page) => listBlocks(page, "nix"));
/** Configurations of a machine; a flake is none. */
const modules = blocks.filter(({ code }) => !code.includes("outputs ="));

const optionNames = (await readModuleOptions()).map(({ name }) => name);

describe("the Nix code", () => {
  it.each(blocks)("at $place is Nix's language", async ({ code }) => {
    const { stderr } = await execa("nix-instantiate", ["--store", "dummy://", "--parse", "-"], {
      input: code,
      reject: false,
    });

    expect(stderr).toBe("");
  });

  it.each(blocks)("at $place has options that exist", async (block) => {
    expect(await findUnknownOptions(block)).toEqual([]);
  });

  it.each(modules)("at $place is what the modules take", async ({ code }) => {
    expect(await findFailedAssertions(code)).toEqual([]);
  });

  it("that the modules do not take is found out", async () => {
    const code = `{ services.nix-cache-builder = { enable = true; hosts = [ "a b" ]; flakeRepo = "/srv/flake"; }; }`;

    expect(await findFailedAssertions(code)).toEqual([expect.stringContaining('"a b" cannot be built')]);
  });

  it("with options that do not exist is found out", async () => {
    const code = `{ config, ... }: {
      custom.services.nix-cache-builder = { hosts = config.hosts; keepGeneration = 3; cacheServer.ports = 1; };
      system.nix.cache-servers = [ { adress = "x"; } ];
    }`;

    expect(await findUnknownOptions({ code })).toEqual([
      "services.nix-cache-builder.cacheServer.ports",
      "services.nix-cache-builder.keepGeneration",
      "system.nix.cache-servers.*.adress",
    ]);
  });
});

async function findUnknownOptions({ code }: Pick<Snippet, "code">): Promise<unknown> {
  const names = optionNames.map((name) => JSON.stringify(name)).join(" ");
  const check = `import ${import.meta.dirname}/unknown-options.nix`;
  return evaluateNix("--expr", `${check} { optionNames = [ ${names} ]; module = (\n${code}\n); }`);
}

/** What a configuration of NixOS says against a module, on a test double of nixpkgs' lib. */
async function findFailedAssertions(code: string): Promise<unknown> {
  const others = ["age", "networking.hosts", "sops"].map(
    (name) =>
      `options.${name} = lib.mkOption { type = lib.types.anything; default = { }; description = ""; };`,
  );
  return evaluateNix(
    "--expr",
    `(import ${ROOT}/tooling/nixos/test/evaluate.nix {
      options = [ ({ lib, ... }: { ${others.join(" ")} }) ];
      modules = [ (\n${code}\n) ];
    }).failed`,
  );
}
