import { describe, expect, it } from "vitest";

import type { LanAddress } from "../lan-addresses.ts";
import { judgeAllowList } from "./allow-list.ts";

const LAN: LanAddress = { address: "192.168.1.7", family: "ipv4", device: "eth0", network: "192.168.1.0/24" };
const DOCKER: LanAddress = {
  address: "172.17.0.1",
  family: "ipv4",
  device: "docker0",
  network: "172.17.0.0/16",
};
const LAN_6: LanAddress = { address: "fd00::7", family: "ipv6", device: "eth0", network: "fd00::/64" };
const DEFAULT = ["192.168.0.0/16", "127.0.0.0/8", "::1/128"];

describe("judgeAllowList", () => {
  it("finds the network let in", () => {
    const findings = judgeAllowList({ allow: DEFAULT, host: "::" }, [LAN], "/c.toml");

    expect(findings).toMatchObject([{ status: "ok", summary: "clients on 192.168.1.0/24 are let in" }]);
  });

  it("finds that a list misses every network, and says what to add", () => {
    const findings = judgeAllowList({ allow: ["10.0.0.0/8"], host: "0.0.0.0" }, [LAN, LAN_6], "/c.toml");

    expect(findings).toMatchObject([
      {
        status: "problem",
        remedy: expect.stringContaining('cacheServer.allow = ["10.0.0.0/8","192.168.1.0/24"]'),
      },
    ]);
  });

  it("only mentions the networks that are refused beside one that is let in", () => {
    const findings = judgeAllowList({ allow: DEFAULT, host: "::" }, [LAN, DOCKER, LAN_6], "/c.toml");

    expect(findings).toMatchObject([
      { status: "ok" },
      { status: "skipped", summary: "clients on 172.17.0.0/16, fd00::/64 are refused, if there are any" },
    ]);
  });

  it.each(["127.0.0.1", "localhost", "unix:/run/cache.sock"])("has nothing to say of %s", (host) => {
    const findings = judgeAllowList({ allow: DEFAULT, host }, [LAN], "/c.toml");

    expect(findings).toMatchObject([{ status: "skipped" }]);
  });
});
