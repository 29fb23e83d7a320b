import { readlink, writeFile } from "node:fs/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createFlakeStore, type FlakeStore } from "../test/flake-store.ts";
import { NIX_UNDER_TEST, PUBLIC_KEY, SECRET_KEY } from "../test/private-store.ts";
import { isGone } from "../test/processes.ts";
import { createBuildLog } from "./log/build-log.ts";
import type { LogEvent } from "./log/event.ts";

const OTHER_KEY = "test-2:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";

describe(`openNix with a store and ${NIX_UNDER_TEST}`, () => {
  let fixture: FlakeStore;

  beforeAll(async () => {
    fixture = await createFlakeStore();
  });
  afterAll(async () => fixture[Symbol.asyncDispose]());

  it("builds with a root, and tells each line as it comes", async () => {
    const log = createBuildLog();
    const lines: string[] = [];
    const root = fixture.inStore("roots/ok-log");

    const result = await fixture.nix.realise({
      path: await fixture.drvPathOf("ok"),
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

    const result = await fixture.nix.realise({
      path: await fixture.drvPathOf(host),
      root: fixture.inStore("roots", host),
      maxSilentTimeMs: 1000,
      onEvent: (event) => log.add(event),
    });

    expect(result).toMatchObject({ type: "failed", failures });
    expect(log.failures()).toMatchObject([{ drvPath: expect.stringMatching(`-${name}.drv$`), reason }]);
    await expect(readlink(fixture.inStore("roots", host))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("names a derivation that needs another machine", async () => {
    const log = createBuildLog();
    const path = await fixture.drvPathOf("foreign");

    // An error until 2.28, a failed build from 2.29 on; the log says the same.
    await fixture.nix.realise({ path, onEvent: (event) => log.add(event) }).catch((error: unknown) => error);

    expect(log.failures()).toMatchObject([{ drvPath: path, reason: "wrong-system" }]);
  });

  it("throws what is not about a build", async () => {
    const path = fixture.inStore("store/00000000000000000000000000000000-x.drv");

    await expect(fixture.nix.realise({ path })).rejects.toMatchObject({
      code: "ERR_NIX_FAILED",
      exitCode: 1,
    });
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
      fixture.nix.realise({ path: await fixture.drvPathOf("silent"), signal: controller.signal, onEvent }),
    ).rejects.toBe(reason);
    expect(await isGone(pids[0] ?? 0)).toBe(true);
  });

  it("says that the time of a call is over", async () => {
    await expect(
      fixture.nix.realise({ path: await fixture.drvPathOf("silent"), timeoutMs: 1000 }),
    ).rejects.toMatchObject({
      code: "ERR_NIX_TIMEOUT",
    });
  });

  it("reaches a store, and says when it cannot", async () => {
    await expect(fixture.nix.pingStore({ store: fixture.inStore("other") })).resolves.toBeUndefined();
    await expect(fixture.nix.pingStore({ store: "ssh://builder.invalid" })).rejects.toMatchObject({
      name: "NixError",
      command: expect.stringMatching(/^nix store (ping|info)$/),
    });
  });

  it("signs a closure once, and verifies it by the right key alone", async () => {
    const path = await fixture.buildOk("ok-sign");
    await writeFile(fixture.inStore("key"), SECRET_KEY, { mode: 0o600 });
    const options = { paths: [path], keyFile: fixture.inStore("key") } as const;

    expect(await fixture.nix.verifyClosure({ paths: [path], publicKeys: [PUBLIC_KEY] })).toBe(false);
    expect(await fixture.nix.signClosure(options)).toEqual({ added: 2 });
    expect(await fixture.nix.signClosure(options)).toEqual({ added: 0 });
    expect(await fixture.nix.verifyClosure({ paths: [path], publicKeys: [OTHER_KEY, PUBLIC_KEY] })).toBe(
      true,
    );
    expect(await fixture.nix.verifyClosure({ paths: [path], publicKeys: [OTHER_KEY] })).toBe(false);
  });

  it("refuses a key that is none, without printing it", async () => {
    const path = await fixture.buildOk("ok-key");
    await writeFile(fixture.inStore("bad-key"), "hunter2", { mode: 0o600 });

    const signing = fixture.nix.signClosure({ paths: [path], keyFile: fixture.inStore("bad-key") });

    await expect(signing).rejects.toMatchObject({
      code: "ERR_NIX_KEY",
      message: expect.not.stringContaining("hunter2"),
    });
  });

  it("gives the sizes and references of a closure", async () => {
    const path = await fixture.buildOk("ok-info");

    const { valid, invalid } = await fixture.nix.pathInfo({
      paths: [path],
      recursive: true,
      closureSize: true,
    });

    const top = valid.find((info) => info.path === path);
    expect(valid).toHaveLength(2);
    expect(invalid).toEqual([]);
    expect(top?.references).toContain(path);
    expect(top?.closureSize).toBe(valid.reduce((sum, info) => sum + info.narSize, 0));
  });

  it("tells valid paths from others", async () => {
    const path = await fixture.buildOk("ok-valid");
    const other = fixture.inStore("store/00000000000000000000000000000000-x");

    expect(await fixture.nix.findInvalidPaths({ paths: [path, other] })).toEqual([other]);
    expect(await fixture.nix.pathInfo({ paths: [other] })).toEqual({ valid: [], invalid: [other] });
  });

  it("keeps what a root protects, and that alone", async () => {
    const path = await fixture.buildOk("ok-gc");
    await fixture.nix.addRoot({ path, root: fixture.inStore("roots/published") });
    const loose = await fixture.drvPathOf("we.b");

    const { deletedPaths } = await fixture.nix.collectGarbage();

    expect(deletedPaths).toBeGreaterThan(0);
    expect(await fixture.nix.findInvalidPaths({ paths: [path, loose] })).toEqual([loose]);
    expect(await fixture.nix.listRoots()).toContainEqual({
      link: fixture.inStore("roots/published"),
      storePath: path,
    });
  });
});
