import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { promisify } from "node:util";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createFlakeStore, type FlakeStore } from "../../test/flake-store.ts";
import { buildEnvironment } from "../environment.ts";
import { type Nix, openNix } from "../nix.ts";
import { createBuildMonitor } from "./build-monitor.ts";
import type { BuildSnapshot } from "./build-snapshot.ts";
import type { LogEvent } from "./event.ts";

const run = promisify(execFile);

describe("createBuildMonitor with the real Nix on PATH", () => {
  let fixture: FlakeStore;

  beforeAll(async () => {
    fixture = await createFlakeStore();
  });
  afterAll(async () => fixture[Symbol.asyncDispose]());

  /** Builds or fetches; returns what the monitor said after each event. */
  async function watchRealise(nix: Nix, path: string, rootName: string): Promise<readonly BuildSnapshot[]> {
    const monitor = createBuildMonitor();
    const snapshots: BuildSnapshot[] = [];
    const onEvent = (event: LogEvent): void => {
      monitor.add(event, new Date());
      snapshots.push(monitor.snapshot());
    };
    await nix.realise({ path, root: fixture.inStore("roots", rootName), onEvent });
    return snapshots;
  }

  async function watchBuild(host: string): Promise<readonly BuildSnapshot[]> {
    return watchRealise(fixture.nix, await fixture.drvPathOf(host), host);
  }

  it("shows each build while it runs, and as built when it is over", async () => {
    const snapshots = await watchBuild("ok");
    const names = snapshots
      .flatMap(({ builds }) => builds)
      .map(({ name, lastLine }) => [name, lastLine ?? ""]);
    const last = snapshots.at(-1);

    expect(names).toContainEqual(["lib", "making lib"]);
    expect(names).toContainEqual(["nixos-system-ok-one", ""]);
    expect(last).toMatchObject({ builds: [], transfers: [], waiting: [], failed: [] });
    expect(last?.built.map(({ name }) => name)).toEqual(["lib", "nixos-system-ok-one"]);
    expect(last?.counts.builds).toEqual({ done: 2, expected: 2, running: 0, failed: 0 });
  });

  it("shows what failed, and not what lacks it", async () => {
    const last = (await watchBuild("broken")).at(-1);

    expect(last?.failed.map(({ name, reason }) => [name, reason])).toEqual([["bad", "builder"]]);
    expect(last?.counts.builds).toMatchObject({ running: 0, failed: 1 });
    expect(last?.builds).toEqual([]);
  });

  it("shows what is fetched from a cache", async () => {
    const cache = `file://${fixture.inStore("cache")}`;
    const path = await fixture.buildOk("ok-cached");
    const argv = ["--extra-experimental-features", "nix-command", "copy", "--to", cache, path];
    await run("nix", argv, { env: buildEnvironment(fixture.options) });
    await rm(fixture.inStore("roots"), { recursive: true });
    await fixture.nix.collectGarbage();
    const settings = { substituters: cache, "require-sigs": "false" };
    const nix = await openNix({ ...fixture.options, settings });

    const snapshots = await watchRealise(nix, path, "ok-fetched");

    const transfers = snapshots.flatMap((snapshot) => snapshot.transfers);
    const last = snapshots.at(-1);
    expect([...new Set(transfers.map(({ name, from }) => `${name} ${from}`))].toSorted()).toEqual([
      `lib ${cache}`,
      `nixos-system-ok-one ${cache}`,
    ]);
    expect(last?.transferred.map(({ name }) => name)).toEqual(["lib", "nixos-system-ok-one"]);
    expect(last?.counts.transfers).toEqual({ done: 2, expected: 2, running: 0, failed: 0 });
    expect(last).toMatchObject({ transfers: [], built: [], failed: [] });
  });
});
