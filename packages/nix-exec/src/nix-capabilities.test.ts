import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { CAPABILITY_PROBES } from "../test/capability-probes.ts";
import { NIX_UNDER_TEST } from "../test/private-store.ts";
import { createProbe, type Probe } from "../test/probe.ts";

describe(`CAPABILITY_TABLE and ${NIX_UNDER_TEST}`, () => {
  let probe: Probe;

  beforeAll(async () => {
    probe = await createProbe();
    console.log(`${NIX_UNDER_TEST}: ${probe.fixture.nix.version.text}`);
  });
  afterAll(async () => probe[Symbol.asyncDispose]());

  it.each(Object.entries(CAPABILITY_PROBES))("agree about %s", async (name, has) => {
    const table = new Map(Object.entries(probe.fixture.nix.capabilities));

    expect(await has(probe)).toBe(table.get(name));
  });
});
