import { appendFile, chmod, readFile, readlink, rm, writeFile } from "node:fs/promises";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { createFlakeStore, type FlakeStore } from "../test/flake-store.ts";
import { NIX_UNDER_TEST } from "../test/private-store.ts";

/** Changes a file of the store, as a failing disk would. */
async function damage(path: string): Promise<void> {
  await chmod(path, 0o644);
  await appendFile(path, "damaged");
}

describe(`repairPaths with ${NIX_UNDER_TEST}`, () => {
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

  it("builds anew what was modified and what is gone", async () => {
    await damage(lib);
    await rm(path);

    const result = await fixture.nix.repairPaths({ paths: [lib, path] });

    expect(result).toEqual({ repaired: [lib, path], unrepaired: [] });
    expect(await readFile(lib, "utf8")).toBe("lib\n");
    expect(await fixture.nix.verifyContents({ paths: [path] })).toEqual({ modified: [], unreadable: [] });
  });

  it("goes on where a path cannot be made from anything", async () => {
    const drvPath = await fixture.drvPathOf("ok");
    await damage(drvPath);
    await damage(lib);

    const result = await fixture.nix.repairPaths({ paths: [drvPath, lib] });

    expect(result).toEqual({ repaired: [lib], unrepaired: [{ path: drvPath, reason: "no-source" }] });
  });

  it("tells of a build that fails, which Nix itself calls success", async () => {
    const root = fixture.inStore("roots/switched");
    await writeFile(fixture.inStore("input/may-build"), "");
    await fixture.nix.realise({ path: await fixture.drvPathOf("switched"), root });
    const switched = await readlink(root);
    await damage(switched);
    await rm(fixture.inStore("input/may-build"));

    const result = await fixture.nix.repairPaths({ paths: [switched] });

    expect(result).toEqual({ repaired: [], unrepaired: [{ path: switched, reason: "still-damaged" }] });
  });

  it("leaves alone what is as it should be", async () => {
    expect(await fixture.nix.repairPaths({ paths: [path] })).toEqual({ repaired: [path], unrepaired: [] });
  });

  it("refuses a path that is not in the store", async () => {
    const other = fixture.inStore("store/00000000000000000000000000000000-x");

    await expect(fixture.nix.repairPaths({ paths: [other] })).rejects.toMatchObject({
      code: "ERR_NIX_FAILED",
      message: expect.stringContaining("is not valid"),
    });
  });
});
