import { describe, expect, it } from "vitest";

import { isNetworkAllowed, networkOf } from "./lan-addresses.ts";

describe("networkOf", () => {
  it.each([
    ["192.168.92.194", 24, "192.168.92.0/24"],
    ["10.255.255.255", 9, "10.128.0.0/9"],
    ["203.0.113.7", 32, "203.0.113.7/32"],
    ["255.1.2.3", 0, "0.0.0.0/0"],
    ["fd00:1:2:3:4:5:6:7", 64, "fd00:1:2:3::/64"],
    ["fd00::2", 127, "fd00::2/127"],
    ["::1", 128, "::1/128"],
  ])("of %s with %d bits is %s", (address, prefix, network) => {
    expect(networkOf(address, prefix)).toBe(network);
  });
});

describe("isNetworkAllowed", () => {
  it.each([
    [["192.168.0.0/16"], "192.168.92.0/24", true],
    [["192.168.92.0/25"], "192.168.92.0/24", false],
    [["192.168.92.0/25", "192.168.92.128/25"], "192.168.92.0/24", false],
    [["10.0.0.1"], "10.0.0.0/24", false],
    [["0.0.0.0/0"], "fd00::/64", false],
    [["127.0.0.0/8", "fd00::/8"], "fd00::/64", true],
    [[], "10.0.0.0/8", false],
  ])("by %j: %s is %s", (ranges, network, expected) => {
    expect(isNetworkAllowed(ranges, network)).toBe(expected);
  });
});
