import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createFlakeStore, type FlakeStore } from "../test/flake-store.ts";
import { commitFiles, NIX_UNDER_TEST } from "../test/private-store.ts";
import { formatGitFlakeRef } from "./flake-ref.ts";

const GIB = 1024 ** 3;

/** Lists and strings: what Nix makes for itself, by its collector and by itself. */
const HUNGRY = {
  lists: "builtins.deepSeq (builtins.genList (x: builtins.genList (y: x * y) 1000) 1000000) 1",
  strings: 'let grow = n: s: if n == 0 then s else grow (n - 1) (s + s); in grow 40 "0123456789"',
};

describe(`openNix with a limit of memory and ${NIX_UNDER_TEST}`, () => {
  let fixture: FlakeStore;

  beforeAll(async () => {
    fixture = await createFlakeStore();
  });
  afterAll(async () => fixture[Symbol.asyncDispose]());

  it("evaluates what needs less", async () => {
    const drvPath = await fixture.nix.evalDrvPath({
      flakeRef: fixture.flakeRef,
      host: "ok",
      maxMemoryBytes: GIB,
    });

    expect(drvPath).toBe(await fixture.drvPathOf("ok"));
  });

  it.each(["lists", "strings"] as const)("ends an evaluation that eats %s", async (food) => {
    const directory = fixture.inStore(food);
    const toplevel = `config.system.build.toplevel.drvPath = ${HUNGRY[food]};`;
    const rev = await commitFiles(directory, {
      "flake.nix": `{ outputs = { self }: { nixosConfigurations.hungry = { ${toplevel} }; }; }`,
    });
    const flakeRef = formatGitFlakeRef({ directory, ref: "main", rev });

    await expect(
      fixture.nix.evalDrvPath({ flakeRef, host: "hungry", maxMemoryBytes: GIB }),
    ).rejects.toMatchObject({ code: "ERR_NIX_MEMORY", command: "nix eval" });
  });
});
