import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createFlakeStore, type FlakeStore } from "../../test/flake-store.ts";
import { createBuildMonitor } from "./build-monitor.ts";
import type { BuildSnapshot } from "./build-snapshot.ts";

describe("createBuildMonitor with the real Nix on PATH", () => {
  let fixture: FlakeStore;

  beforeAll(async () => {
    fixture = await createFlakeStore();
  });
  afterAll(async () => fixture[Symbol.asyncDispose]());

  /** Builds a host; returns what the monitor said after each event. */
  async function watchBuild(host: string): Promise<readonly BuildSnapshot[]> {
    const monitor = createBuildMonitor();
    const snapshots: BuildSnapshot[] = [];
    await fixture.nix.realise({
      path: await fixture.drvPathOf(host),
      root: fixture.inStore("roots", host),
      onEvent: (event) => {
        monitor.add(event, new Date());
        snapshots.push(monitor.snapshot());
      },
    });
    return snapshots;
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
});
