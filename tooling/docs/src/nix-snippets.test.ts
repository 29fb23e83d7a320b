import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { readModuleOptions } from "./configuration/module-options.ts";
import { evaluateNix } from "./evaluate-nix.ts";
import { listBlocks, type Snippet } from "./markdown/list-snippets.ts";
import { readPages } from "./markdown/read-pages.ts";

const blocks = (await readPages()).flatMap((page) => listBlocks(page, "nix"));
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
