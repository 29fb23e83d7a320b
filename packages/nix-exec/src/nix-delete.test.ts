import { rm } from "node:fs/promises";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { createFlakeStore, type FlakeStore } from "../test/flake-store.ts";
import { NIX_UNDER_TEST } from "../test/private-store.ts";

describe(`deletePaths with ${NIX_UNDER_TEST}`, () => {
  let fixture: FlakeStore;
  let path: string;
  let lib: string;

  beforeEach(async () => {
    fixture = await createFlakeStore();
    path = await fixture.buildOk("ok");
    const { valid } = await fixture.nix.pathInfo({ paths: [path], recursive: true });
    lib = valid.find((info) => info.path.endsWith("-lib"))?.path ?? "";
  });
  afterEach(async () => fixture[Symbol.asyncDispose]());

  it("keeps what a root protects, which is no error", async () => {
    expect(await fixture.nix.deletePaths({ paths: [path] })).toEqual({
      deletedPaths: 0,
      freedBytes: 0,
      kept: [path],
      stuck: [],
    });
    expect(await fixture.nix.findInvalidPaths({ paths: [path, lib] })).toEqual([]);
  });

  it("deletes a closure that nothing protects", async () => {
    await rm(fixture.inStore("roots/ok"));

    const result = await fixture.nix.deletePaths({ paths: [path] });

    expect(result).toMatchObject({ deletedPaths: 2, kept: [] });
    expect(await fixture.nix.findInvalidPaths({ paths: [path, lib] })).toEqual([path, lib]);
  });

  it("keeps what a path outside the closure refers to, dead or alive", async () => {
    await rm(fixture.inStore("roots/ok"));

    const result = await fixture.nix.deletePaths({ paths: [lib] });

    expect(result).toMatchObject({ deletedPaths: 0, kept: [lib] });
  });

  it("deletes of a closure what only the dead part needs", async () => {
    await rm(fixture.inStore("roots/ok"));
    await fixture.nix.addRoot({ path: lib, root: fixture.inStore("roots/lib") });

    const result = await fixture.nix.deletePaths({ paths: [path, lib] });

    expect(result).toMatchObject({ deletedPaths: 1, kept: [lib] });
  });

  it("keeps a derivation whose outputs are alive, as keep-derivations says", async () => {
    const drvPath = await fixture.drvPathOf("ok");

    const { kept } = await fixture.nix.deletePaths({ paths: [drvPath] });

    expect(kept).toEqual([drvPath]);
  });

  it("has nothing to do for paths that are not there", async () => {
    const other = fixture.inStore("store/00000000000000000000000000000000-x");

    expect(await fixture.nix.deletePaths({ paths: [other] })).toEqual({
      deletedPaths: 0,
      freedBytes: 0,
      kept: [],
      stuck: [],
    });
  });
});
