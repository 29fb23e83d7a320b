import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createFlakeStore, type FlakeStore } from "../test/flake-store.ts";
import { NIX_UNDER_TEST, PUBLIC_KEY, SECRET_KEY } from "../test/private-store.ts";
import { openNix } from "./nix.ts";

describe(`openNix with logs, copies and damage, and ${NIX_UNDER_TEST}`, () => {
  let fixture: FlakeStore;

  beforeAll(async () => {
    fixture = await createFlakeStore();
  });
  afterAll(async () => fixture[Symbol.asyncDispose]());

  it("plans a build, and nothing once it is built", async () => {
    const drvPath = await fixture.drvPathOf("ok");

    const before = await fixture.nix.planBuild({ path: drvPath });
    await fixture.buildOk("ok-plan");
    const after = await fixture.nix.planBuild({ path: drvPath });

    expect(before.willBuild).toEqual([expect.stringMatching(/-lib\.drv$/), drvPath]);
    expect(before).toMatchObject({ willSubstitute: [], unknown: [], downloadBytes: 0, unpackedBytes: 0 });
    expect(after).toEqual({
      willBuild: [],
      willSubstitute: [],
      unknown: [],
      downloadBytes: 0,
      unpackedBytes: 0,
    });
  });

  it("says in a plan what nobody knows how to make", async () => {
    const path = fixture.inStore("store/00000000000000000000000000000000-x");

    expect(await fixture.nix.planBuild({ path })).toMatchObject({ unknown: [path] });
  });

  it("plans what a substituter has, with its size", async () => {
    const path = await fixture.buildOk("ok-fetch");
    const url = `file://${fixture.inStore("cache-plan")}`;
    await fixture.nix.copyClosure({ paths: [path], to: url });
    const store = {
      storeDir: fixture.inStore("store"),
      stateDir: fixture.inStore("empty-state"),
      logDir: fixture.inStore("log"),
    };
    const settings = { substituters: url, "require-sigs": "false" };
    const elsewhere = await openNix({ ...fixture.options, store, settings });

    const plan = await elsewhere.planBuild({ path });

    const names = plan.willSubstitute.map((each) => basename(each).slice(33));
    expect(names.toSorted()).toEqual(["lib", "nixos-system-ok-one"]);
    expect(plan).toMatchObject({ willBuild: [], unknown: [] });
  });

  it("reads the log of a build by derivation and by output", async () => {
    const path = await fixture.buildOk("ok-logs");
    const { valid } = await fixture.nix.pathInfo({ paths: [path], recursive: true });
    const lib = valid.find((info) => info.path.endsWith("-lib"));

    expect(await fixture.nix.readBuildLog({ path: lib?.path ?? "" })).toBe("making lib\n");
    expect(await fixture.nix.readBuildLog({ path: lib?.deriver ?? "" })).toBe("making lib\n");
  });

  it("answers with no log where there is none", async () => {
    expect(await fixture.nix.readBuildLog({ path: await fixture.drvPathOf("we.b") })).toBeUndefined();
  });

  it("copies to a cache that signs with a key from a file, and back", async () => {
    const path = await fixture.buildOk("ok-copy");
    const directory = fixture.inStore("cache");
    await writeFile(fixture.inStore("copy-key"), SECRET_KEY, { mode: 0o600 });

    await fixture.nix.copyClosure({
      paths: [path],
      to: `file://${directory}?compression=none`,
      keyFile: fixture.inStore("copy-key"),
    });
    const narInfo = await readFile(`${directory}/${basename(path).slice(0, 32)}.narinfo`, "utf8");
    await fixture.nix.copyClosure({ paths: [path], from: `file://${directory}`, checkSignatures: false });

    expect(narInfo).toContain("Sig: test-1:");
    expect(narInfo).toContain("Compression: none");
  });

  it("refuses to copy from a cache whose signatures it does not trust", async () => {
    const path = await fixture.buildOk("ok-untrusted");
    const cache = `file://${fixture.inStore("unsigned-cache")}`;
    await fixture.nix.copyClosure({ paths: [path], to: cache });
    const store = {
      storeDir: fixture.inStore("store"),
      stateDir: fixture.inStore("other-state"),
      logDir: fixture.inStore("log"),
      realStoreDir: fixture.inStore("other-store"),
    };
    await mkdir(fixture.inStore("other-store"));
    const strict = await openNix({
      ...fixture.options,
      store,
      settings: { "trusted-public-keys": PUBLIC_KEY },
    });

    await expect(strict.copyClosure({ paths: [path], from: cache })).rejects.toMatchObject({
      code: "ERR_NIX_SIGNATURE",
    });
  });

  it("tells how many paths of a closure are verified", async () => {
    const path = await fixture.buildOk("ok-progress");
    const counts: unknown[] = [];

    await fixture.nix.verifyContents({
      paths: [path],
      onEvent: (event) => {
        if (event.type === "progress") counts.push([event.done, event.expected]);
      },
    });

    expect(counts.at(-1)).toEqual([2, 2]);
  });

  it("finds files that were changed or are gone", async () => {
    const path = await fixture.buildOk("ok-verify");
    const { valid } = await fixture.nix.pathInfo({ paths: [path], recursive: true });
    const lib = valid.find((info) => info.path.endsWith("-lib"))?.path ?? "";

    const before = await fixture.nix.verifyContents({ paths: [path] });
    await chmod(path, 0o644);
    await writeFile(path, "changed");
    const changed = await fixture.nix.verifyContents({ paths: [path] });
    await rename(lib, fixture.inStore("elsewhere"));
    const gone = await fixture.nix.verifyContents({ paths: [path] });

    expect(before).toEqual({ modified: [], unreadable: [] });
    expect(changed).toEqual({ modified: [path], unreadable: [] });
    expect(gone).toEqual({ modified: [path], unreadable: [lib] });
  });
});
