import { copyFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createFlakeStore, type FlakeStore } from "../test/flake-store.ts";
import { commitFiles, formatFlake, formatInput, NIX_UNDER_TEST } from "../test/private-store.ts";
import { formatGitFlakeRef, formatPathFlakeRef } from "./flake-ref.ts";
import { openNix } from "./nix.ts";

describe(`openNix with a flake and ${NIX_UNDER_TEST}`, () => {
  let fixture: FlakeStore;

  beforeAll(async () => {
    fixture = await createFlakeStore();
  });
  afterAll(async () => fixture[Symbol.asyncDispose]());

  it("detects the version", () => {
    expect(fixture.nix.version).toMatchObject({ implementation: "nix", major: 2 });
  });

  it("lists the hosts, one that cannot be evaluated among them", async () => {
    expect(await fixture.nix.evalHostNames({ flakeRef: fixture.flakeRef })).toEqual(
      "broken evalfail foreign mismatch ok silent switched we.b".split(" "),
    );
  });

  it("evaluates a host with a dot in its name", async () => {
    expect(await fixture.drvPathOf("we.b")).toMatch(/\/store\/[0-9a-z]{32}-nixos-system-web-1\.drv$/);
  });

  it("evaluates a host whose name is full of syntax", async () => {
    const directory = fixture.inStore("odd");
    const toplevel = `config.system.build.toplevel.drvPath = "/odd.drv";`;
    const rev = await commitFiles(directory, {
      "flake.nix": `{ outputs = { self }: { nixosConfigurations."a\\\${b}\\\\c %é#" = { ${toplevel} }; }; }`,
    });

    const odd = formatGitFlakeRef({ directory, ref: "main", rev });

    expect(await fixture.nix.evalDrvPath({ flakeRef: odd, host: "a${b}\\c %é#" })).toBe("/odd.drv");
  });

  it("tells the revision and the locks of a flake", async () => {
    const metadata = await fixture.nix.flakeMetadata({ flakeRef: fixture.flakeRef });

    expect(fixture.flakeRef).toContain(`rev=${metadata.revision}`);
    expect(metadata.locks).toMatchObject({ nodes: { dep: { original: { type: "git" } } }, version: 7 });
  });

  it("says why a host does not evaluate", async () => {
    await expect(fixture.drvPathOf("evalfail")).rejects.toMatchObject({
      code: "ERR_NIX_EVAL",
      command: "nix eval",
      exitCode: 1,
      message: expect.stringContaining("no such option services.foo"),
    });
  });

  it("says that a host does not exist", async () => {
    await expect(fixture.drvPathOf("nowhere")).rejects.toMatchObject({ code: "ERR_NIX_ATTRIBUTE" });
  });

  it("says that a repository does not exist", async () => {
    const missing = formatGitFlakeRef({ directory: fixture.inStore("missing"), ref: "main" });

    await expect(fixture.nix.evalHostNames({ flakeRef: missing })).rejects.toMatchObject({
      code: "ERR_NIX_FETCH",
    });
  });

  it("refuses a flake whose lock lacks an input, and writes nothing", async () => {
    const directory = fixture.inStore("unlocked");
    const rev = await commitFiles(directory, { "flake.nix": formatFlake(fixture.inStore("input")) });
    const refs = [formatGitFlakeRef({ directory, ref: "main", rev }), formatPathFlakeRef(directory)];

    for (const ref of refs) {
      await expect(fixture.nix.evalHostNames({ flakeRef: ref })).rejects.toMatchObject({
        code: "ERR_NIX_LOCK",
      });
    }
    await expect(readFile(join(directory, "flake.lock"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("updates a copy of the flake", async () => {
    const directory = fixture.inStore("copy");
    await mkdir(directory);
    await copyFile(fixture.inStore("flake/flake.nix"), join(directory, "flake.nix"));
    await copyFile(fixture.inStore("flake/flake.lock"), join(directory, "flake.lock"));
    const rev = await commitFiles(fixture.inStore("input"), { "flake.nix": formatInput("two") });

    await fixture.nix.updateDirectory({ directory });

    expect(await readFile(join(directory, "flake.lock"), "utf8")).toContain(rev);
    expect(await fixture.nix.evalDrvPath({ flakeRef: formatPathFlakeRef(directory), host: "ok" })).toContain(
      "ok-two",
    );
  });

  it("updates one input of a copy", async () => {
    const directory = fixture.inStore("copy-one");
    await mkdir(directory);
    await copyFile(fixture.inStore("flake/flake.nix"), join(directory, "flake.nix"));
    await copyFile(fixture.inStore("flake/flake.lock"), join(directory, "flake.lock"));
    const rev = await commitFiles(fixture.inStore("input"), { "flake.nix": formatInput("three") });

    await fixture.nix.updateDirectory({ directory, inputs: ["dep"] });

    expect(await readFile(join(directory, "flake.lock"), "utf8")).toContain(rev);
  });

  it("refuses to update an input that the flake does not have", async () => {
    const directory = fixture.inStore("copy-none");
    await mkdir(directory);
    await copyFile(fixture.inStore("flake/flake.nix"), join(directory, "flake.nix"));
    await copyFile(fixture.inStore("flake/flake.lock"), join(directory, "flake.lock"));

    await expect(fixture.nix.updateDirectory({ directory, inputs: ["nope"] })).rejects.toMatchObject({
      code: "ERR_NIX_ATTRIBUTE",
      message: "expected the name of an input, but the flake has no nope",
    });
  });

  it("reads the settings in force", async () => {
    const strict = await openNix({ ...fixture.options, settings: { cores: "3" } });

    expect(await strict.showSettings()).toMatchObject({ cores: 3, sandbox: expect.anything() });
  });
});
