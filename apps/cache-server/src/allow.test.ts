import { describe, expect, it } from "vitest";

import { createAllowList } from "./allow.ts";

describe("createAllowList", () => {
  const isAllowed = createAllowList(["192.168.0.0/16", "10.1.2.3", "::1/128", "fe80::/10", "2001:db8::5"]);

  it.each([
    "192.168.0.1",
    "192.168.255.255",
    "10.1.2.3",
    "::1",
    "::ffff:192.168.3.4",
    "::ffff:c0a8:304",
    "fe80::1%eth0",
    "2001:db8::5",
  ])("lets %s in", (address) => {
    expect(isAllowed(address)).toBe(true);
  });

  it.each(["192.169.0.1", "10.1.2.4", "::2", "::ffff:10.1.2.4", "::ffff:127.0.0.1", "2001:db8::6", "junk"])(
    "keeps %s out",
    (address) => {
      expect(isAllowed(address)).toBe(false);
    },
  );

  it("lets the peer of a unix socket in, which has no address", () => {
    expect(isAllowed(undefined)).toBe(true);
  });

  it("lets nobody else in when the list is empty", () => {
    expect(createAllowList([])("127.0.0.1")).toBe(false);
  });

  it("knows the range of everyone", () => {
    const everyone = createAllowList(["0.0.0.0/0", "::/0"]);

    expect(["1.2.3.4", "::ffff:1.2.3.4", "2001:db8::1"].map(everyone)).toEqual([true, true, true]);
  });
});
