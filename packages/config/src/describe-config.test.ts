import { describe, expect, it } from "vitest";

import { describeConfig } from "./describe-config.ts";

describe("describeConfig", () => {
  it.each(describeConfig())("says what $key takes and means", ({ description, type }) => {
    expect(type).not.toBe("");
    expect(description).not.toBe("");
  });

  it("gives a default in the value's own type", () => {
    const allow = describeConfig().find(({ key }) => key === "cacheServer.allow");

    expect(allow).toEqual({
      key: "cacheServer.allow",
      type: "a list of address ranges",
      description: "address ranges of the clients; anyone else gets 403",
      default: ["192.168.0.0/16", "127.0.0.0/8", "::1/128"],
    });
  });

  it("says of what a default is made that hangs on other keys", () => {
    const roots = describeConfig().find(({ key }) => key === "builder.rootsDir");

    expect(roots).toMatchObject({ whenAbsent: "`<nix.stateDir>/gcroots/nix-cache-builder`" });
    expect(roots).not.toHaveProperty("default");
  });

  it("leaves the default of what is required out", () => {
    const required = describeConfig().filter((key) => !("default" in key) && !("whenAbsent" in key));

    expect(required.map(({ key }) => key)).toEqual(["builder.flakeRepo", "builder.hosts"]);
  });
});
