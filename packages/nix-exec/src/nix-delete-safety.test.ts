import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdir, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { NIX_UNDER_TEST } from "../test/private-store.ts";
import { createProbe, type Probe } from "../test/probe.ts";
import { openWithDeletionHook } from "../test/wrapped-nix.ts";
import type { Nix } from "./nix.ts";

const MIB = 2 ** 20;

describe(`deletePaths among other garbage with ${NIX_UNDER_TEST}`, () => {
  let probe: Probe;
  let nix: Nix;
  let path: string;
  let lib: string;

  beforeEach(async () => {
    probe = await createProbe();
    ({ nix } = probe.fixture);
    path = probe.outPath;
    const { valid } = await nix.pathInfo({ paths: [path], recursive: true });
    lib = valid.find((info) => info.path.endsWith("-lib"))?.path ?? "";
    await nix.realise({ path: await probe.fixture.drvPathOf("we.b") });
    await rm(probe.fixture.inStore("roots/probe"));
  });
  afterEach(async () => probe[Symbol.asyncDispose]());

  const listStore = async (): Promise<readonly string[]> => readdir(probe.fixture.inStore("store"));
  const addFile = async (name: string, bytes: number): Promise<string> => {
    await writeFile(probe.fixture.inStore(name), randomBytes(bytes));
    const { stdout } = await probe.nixStore("--add", probe.fixture.inStore(name));
    return stdout.trim();
  };

  it("deletes nothing that is outside the closures, dead as it is", async () => {
    const before = await listStore();

    await nix.deletePaths({ paths: [path] });

    const after = new Set(await listStore());
    expect(before.filter((name) => !after.has(name)).toSorted()).toEqual(
      [basename(path), basename(lib)].toSorted(),
    );
  });

  it("deletes the paths alone where it is not to follow references", async () => {
    const result = await nix.deletePaths({ paths: [path], recursive: false });

    expect(result).toMatchObject({ deletedPaths: 1, kept: [] });
    expect(await nix.findInvalidPaths({ paths: [path, lib] })).toEqual([path]);
  });

  it("keeps what is rooted while it works, and deletes the rest", async () => {
    const other = await addFile("other", 100);
    const hook = `ln -sf ${path} ${probe.fixture.inStore("state/gcroots/late")}`;
    const late = await openWithDeletionHook(probe.fixture, hook);

    const result = await late.deletePaths({ paths: [path, other] });

    expect(result).toMatchObject({ deletedPaths: 1, kept: [path] });
    expect(await nix.findInvalidPaths({ paths: [path, lib, other] })).toEqual([other]);
  });

  it("takes what another collection deletes meanwhile for done", async () => {
    const late = await openWithDeletionHook(probe.fixture, "nix-store --gc >/dev/null 2>&1");

    const result = await late.deletePaths({ paths: [path] });

    expect(result).toMatchObject({ kept: [] });
    expect(await nix.findInvalidPaths({ paths: [path, lib] })).toEqual([path, lib]);
  });

  it("keeps what a process uses, and deletes the rest", async () => {
    const other = await addFile("other", 100);
    const user = spawn("sleep", ["300"], { env: { ...process.env, USED: path }, stdio: "ignore" });
    await once(user, "spawn");

    const result = await nix.deletePaths({ paths: [path, other] }).finally(() => user.kill("SIGKILL"));

    await once(user, "exit");
    expect(result).toMatchObject({ deletedPaths: 1, kept: [path] });
    expect(await nix.deletePaths({ paths: [path] })).toMatchObject({ deletedPaths: 2, kept: [] });
  });

  it("tells the bytes that it freed, as collectGarbage does", async () => {
    const deleted = await addFile("deleted", 3 * MIB);
    await addFile("collected", 5 * MIB);

    const { freedBytes } = await nix.deletePaths({ paths: [deleted] });
    const collected = await nix.collectGarbage();

    expect(Math.round(freedBytes / MIB)).toBe(3);
    expect(Math.round(collected.freedBytes / MIB)).toBe(5);
  });
});
