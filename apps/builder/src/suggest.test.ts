import { describe, expect, it } from "vitest";

import { CommandError } from "./command-error.ts";
import { requireKnownHosts, suggest } from "./suggest.ts";

const HOSTS = ["nz", "we.b", "mz", "beez"];

describe("suggest", () => {
  it.each([
    ["bez", "beez"],
    ["web", "we.b"],
    ["nx", "nz"],
  ])("takes %s for %s", (typed, meant) => {
    expect(suggest(typed, HOSTS)).toBe(meant);
  });

  it("does not guess at a name that is like none", () => {
    expect(suggest("database", HOSTS)).toBeUndefined();
    expect(suggest("nz", [])).toBeUndefined();
  });
});

describe("requireKnownHosts", () => {
  it("accepts hosts that exist", () => {
    expect(() => requireKnownHosts(["nz", "we.b"], HOSTS)).not.toThrow();
  });

  it("names the host that was meant, with the exit code of wrong usage", () => {
    expect(() => requireKnownHosts(["nz", "bez"], HOSTS)).toThrow(
      new CommandError('unknown host "bez": did you mean beez?', 2),
    );
  });

  it("lists the hosts where none is near", () => {
    expect(() => requireKnownHosts(["database"], HOSTS)).toThrow(
      'unknown host "database": the hosts are nz, we.b, mz, beez',
    );
  });

  it("lists a few of many hosts", () => {
    const known = Array.from({ length: 12 }, (_, index) => `host-number-${index}`);

    expect(() => requireKnownHosts(["database"], known)).toThrow(/host-number-9, and 2 more$/);
  });

  it("says where there is no host yet", () => {
    expect(() => requireKnownHosts(["nz"], [])).toThrow('unknown host "nz": there is none yet');
  });
});
