import { copyFile, mkdir, readFile, readlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  commitFiles,
  createPrivateStore,
  formatFlake,
  formatInput,
  type PrivateStore,
} from "../test/private-store.ts";
import { isGone } from "../test/processes.ts";
import { formatGitFlakeRef, formatPathFlakeRef } from "./flake-ref.ts";
import { createBuildLog } from "./log/build-log.ts";
import type { LogEvent } from "./log/event.ts";
import { type Nix, openNix } from "./nix.ts";

/** Made from the seed 00 01 … 1f; protects nothing. */
const SECRET_KEY =
  "test-1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==";
const PUBLIC_KEY = "test-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";
const OTHER_KEY = "test-2:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";

describe("openNix with the real Nix on PATH", () => {
  let store: PrivateStore;
  let nix: Nix;
  let flakeRef: string;

  const inStore = (...names: readonly string[]): string => join(store.directory, ...names);
  const drvPathOf = async (host: string): Promise<string> => nix.evalDrvPath({ flakeRef, host });
  const buildOk = async (root: string): Promise<string> => {
    await nix.realise({ path: await drvPathOf("ok"), root });
    return readlink(root);
  };

  beforeAll(async () => {
    store = await createPrivateStore();
    nix = await openNix(store.options);
    await commitFiles(inStore("input"), { "flake.nix": formatInput("one") });
    await mkdir(inStore("flake"));
    await mkdir(inStore("roots"));
    await writeFile(inStore("flake/flake.nix"), formatFlake(inStore("input")));
    await nix.updateDirectory({ directory: inStore("flake") });
    const rev = await commitFiles(inStore("flake"), {});
    flakeRef = formatGitFlakeRef({ directory: inStore("flake"), ref: "main", rev });
  });
  afterAll(async () => store[Symbol.asyncDispose]());

  it("detects the version", () => {
    expect(nix.version).toMatchObject({ implementation: "nix", major: 2 });
  });

  it("lists the hosts, one that cannot be evaluated among them", async () => {
    expect(await nix.evalHostNames({ flakeRef })).toEqual(
      "broken evalfail foreign mismatch ok silent we.b".split(" "),
    );
  });

  it("evaluates a host with a dot in its name", async () => {
    expect(await drvPathOf("we.b")).toMatch(/\/store\/[0-9a-z]{32}-nixos-system-web-1\.drv$/);
  });

  it("evaluates a host whose name is full of syntax", async () => {
    const directory = inStore("odd");
    const toplevel = `config.system.build.toplevel.drvPath = "/odd.drv";`;
    const rev = await commitFiles(directory, {
      "flake.nix": `{ outputs = { self }: { nixosConfigurations."a\\\${b}\\\\c %é#" = { ${toplevel} }; }; }`,
    });

    const odd = formatGitFlakeRef({ directory, ref: "main", rev });

    expect(await nix.evalDrvPath({ flakeRef: odd, host: "a${b}\\c %é#" })).toBe("/odd.drv");
  });

  it("tells the revision and the locks of a flake", async () => {
    const metadata = await nix.flakeMetadata({ flakeRef });

    expect(flakeRef).toContain(`rev=${metadata.revision}`);
    expect(metadata.locks).toMatchObject({ nodes: { dep: { original: { type: "git" } } }, version: 7 });
  });

  it("says why a host does not evaluate", async () => {
    await expect(drvPathOf("evalfail")).rejects.toMatchObject({
      code: "ERR_NIX_EVAL",
      command: "nix eval",
      exitCode: 1,
      message: expect.stringContaining("no such option services.foo"),
    });
  });

  it("says that a host does not exist", async () => {
    await expect(drvPathOf("nowhere")).rejects.toMatchObject({ code: "ERR_NIX_ATTRIBUTE" });
  });

  it("says that a repository does not exist", async () => {
    const missing = formatGitFlakeRef({ directory: inStore("missing"), ref: "main" });

    await expect(nix.evalHostNames({ flakeRef: missing })).rejects.toMatchObject({ code: "ERR_NIX_FETCH" });
  });

  it("refuses a flake whose lock lacks an input, and writes nothing", async () => {
    const directory = inStore("unlocked");
    const rev = await commitFiles(directory, { "flake.nix": formatFlake(inStore("input")) });
    const refs = [formatGitFlakeRef({ directory, ref: "main", rev }), formatPathFlakeRef(directory)];

    for (const ref of refs) {
      await expect(nix.evalHostNames({ flakeRef: ref })).rejects.toMatchObject({ code: "ERR_NIX_LOCK" });
    }
    await expect(readFile(join(directory, "flake.lock"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("updates a copy of the flake", async () => {
    const directory = inStore("copy");
    await mkdir(directory);
    await copyFile(inStore("flake/flake.nix"), join(directory, "flake.nix"));
    await copyFile(inStore("flake/flake.lock"), join(directory, "flake.lock"));
    const rev = await commitFiles(inStore("input"), { "flake.nix": formatInput("two") });

    await nix.updateDirectory({ directory });

    expect(await readFile(join(directory, "flake.lock"), "utf8")).toContain(rev);
    expect(await nix.evalDrvPath({ flakeRef: formatPathFlakeRef(directory), host: "ok" })).toContain(
      "ok-two",
    );
  });

  it("updates one input of a copy", async () => {
    const directory = inStore("copy-one");
    await mkdir(directory);
    await copyFile(inStore("flake/flake.nix"), join(directory, "flake.nix"));
    await copyFile(inStore("flake/flake.lock"), join(directory, "flake.lock"));
    const rev = await commitFiles(inStore("input"), { "flake.nix": formatInput("three") });

    await nix.updateDirectory({ directory, inputs: ["dep"] });

    expect(await readFile(join(directory, "flake.lock"), "utf8")).toContain(rev);
  });

  it("refuses to update an input that the flake does not have", async () => {
    const directory = inStore("copy-none");
    await mkdir(directory);
    await copyFile(inStore("flake/flake.nix"), join(directory, "flake.nix"));
    await copyFile(inStore("flake/flake.lock"), join(directory, "flake.lock"));

    await expect(nix.updateDirectory({ directory, inputs: ["nope"] })).rejects.toMatchObject({
      code: "ERR_NIX_ATTRIBUTE",
      message: "expected the name of an input, but the flake has no nope",
    });
  });

  it("builds with a root, and tells each line as it comes", async () => {
    const log = createBuildLog();
    const lines: string[] = [];
    const root = inStore("roots/ok-log");

    const result = await nix.realise({
      path: await drvPathOf("ok"),
      root,
      onEvent: (event) => lines.push(...log.add(event)),
    });

    expect(result).toEqual({ type: "built", paths: [root] });
    expect(lines).toContain("lib> making lib");
    expect(log.failures()).toEqual([]);
    expect(await readlink(root)).toMatch(/-nixos-system-ok-one$/);
  });

  it.each([
    ["broken", ["builder"], "bad", "builder"],
    ["silent", ["timeout"], "nixos-system-silent-1", "timeout"],
    ["mismatch", ["hash-mismatch"], "fixed", "hash-mismatch"],
  ])("answers with the failure of host %s", async (host, failures, name, reason) => {
    const log = createBuildLog();

    const result = await nix.realise({
      path: await drvPathOf(host),
      root: inStore("roots", host),
      maxSilentTimeMs: 1000,
      onEvent: (event) => log.add(event),
    });

    expect(result).toMatchObject({ type: "failed", failures });
    expect(log.failures()).toMatchObject([{ drvPath: expect.stringMatching(`-${name}.drv$`), reason }]);
    await expect(readlink(inStore("roots", host))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("names a derivation that needs another machine", async () => {
    const log = createBuildLog();
    const path = await drvPathOf("foreign");

    // An error until 2.28, a failed build from 2.29 on; the log says the same.
    await nix.realise({ path, onEvent: (event) => log.add(event) }).catch((error: unknown) => error);

    expect(log.failures()).toMatchObject([{ drvPath: path, reason: "wrong-system" }]);
  });

  it("throws what is not about a build", async () => {
    const path = inStore("store/00000000000000000000000000000000-x.drv");

    await expect(nix.realise({ path })).rejects.toMatchObject({ code: "ERR_NIX_FAILED", exitCode: 1 });
  });

  it("ends a build when aborted, and its builder with it", async () => {
    const controller = new AbortController();
    const reason = new Error("shutting down");
    const pids: number[] = [];
    const onEvent = (event: LogEvent): void => {
      if (event.type !== "build-log-line") return;
      pids.push(Number(event.line));
      controller.abort(reason);
    };

    await expect(
      nix.realise({ path: await drvPathOf("silent"), signal: controller.signal, onEvent }),
    ).rejects.toBe(reason);
    expect(await isGone(pids[0] ?? 0)).toBe(true);
  });

  it("says that the time of a call is over", async () => {
    await expect(nix.realise({ path: await drvPathOf("silent"), timeoutMs: 1000 })).rejects.toMatchObject({
      code: "ERR_NIX_TIMEOUT",
    });
  });

  it("signs a closure once, and verifies it by the right key alone", async () => {
    const path = await buildOk(inStore("roots/ok-sign"));
    await writeFile(inStore("key"), SECRET_KEY, { mode: 0o600 });
    const options = { paths: [path], keyFile: inStore("key") } as const;

    expect(await nix.verifyClosure({ paths: [path], publicKeys: [PUBLIC_KEY] })).toBe(false);
    expect(await nix.signClosure(options)).toEqual({ added: 2 });
    expect(await nix.signClosure(options)).toEqual({ added: 0 });
    expect(await nix.verifyClosure({ paths: [path], publicKeys: [OTHER_KEY, PUBLIC_KEY] })).toBe(true);
    expect(await nix.verifyClosure({ paths: [path], publicKeys: [OTHER_KEY] })).toBe(false);
  });

  it("refuses a key that is none, without printing it", async () => {
    const path = await buildOk(inStore("roots/ok-key"));
    await writeFile(inStore("bad-key"), "hunter2", { mode: 0o600 });

    const signing = nix.signClosure({ paths: [path], keyFile: inStore("bad-key") });

    await expect(signing).rejects.toMatchObject({
      code: "ERR_NIX_KEY",
      message: expect.not.stringContaining("hunter2"),
    });
  });

  it("gives the sizes and references of a closure", async () => {
    const path = await buildOk(inStore("roots/ok-info"));

    const { valid, invalid } = await nix.pathInfo({ paths: [path], recursive: true, closureSize: true });

    const top = valid.find((info) => info.path === path);
    expect(valid).toHaveLength(2);
    expect(invalid).toEqual([]);
    expect(top?.references).toContain(path);
    expect(top?.closureSize).toBe(valid.reduce((sum, info) => sum + info.narSize, 0));
  });

  it("tells valid paths from others", async () => {
    const path = await buildOk(inStore("roots/ok-valid"));
    const other = inStore("store/00000000000000000000000000000000-x");

    expect(await nix.findInvalidPaths({ paths: [path, other] })).toEqual([other]);
    expect(await nix.pathInfo({ paths: [other] })).toEqual({ valid: [], invalid: [other] });
  });

  it("keeps what a root protects, and that alone", async () => {
    const path = await buildOk(inStore("roots/ok-gc"));
    await nix.addRoot({ path, root: inStore("roots/published") });
    const loose = await drvPathOf("we.b");

    const { deletedPaths } = await nix.collectGarbage();

    expect(deletedPaths).toBeGreaterThan(0);
    expect(await nix.findInvalidPaths({ paths: [path, loose] })).toEqual([loose]);
    expect(await nix.listRoots()).toContainEqual({ link: inStore("roots/published"), storePath: path });
  });

  it("reads the settings in force", async () => {
    const strict = await openNix({ ...store.options, settings: { cores: "3" } });

    expect(await strict.showSettings()).toMatchObject({ cores: 3, sandbox: expect.anything() });
  });
});
