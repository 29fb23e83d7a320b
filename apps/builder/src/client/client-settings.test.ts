import { describe, expect, it } from "vitest";

import { formatNixConf, formatNixosModule } from "./client-settings.ts";

const FACTS = {
  urls: ["http://192.168.1.5:5000", "http://beez:5000"],
  notes: ["10.0.0.2 is outside cacheServer.allow: clients on its network are refused"],
  publicKeys: ["beez-1:AAAA=", "beez-2:BBBB="],
  storeDir: "/nix/store",
  toplevels: [],
};

describe("formatNixConf", () => {
  it("writes what nix.conf takes, all else as comments", () => {
    expect(formatNixConf(FACTS)).toBe(
      [
        "# 10.0.0.2 is outside cacheServer.allow: clients on its network are refused",
        "# the same cache: http://beez:5000",
        "extra-substituters = http://192.168.1.5:5000",
        "extra-trusted-public-keys = beez-1:AAAA= beez-2:BBBB=",
        "connect-timeout = 5",
        "download-attempts = 2",
        "fallback = true",
        "",
      ].join("\n"),
    );
  });

  it("says which clients it is for where the store is another one", () => {
    expect(formatNixConf({ ...FACTS, storeDir: "/srv/store" })).toContain(
      "# for clients alone whose store is /srv/store\n",
    );
  });
});

describe("formatNixosModule", () => {
  it("writes a module", () => {
    expect(formatNixosModule({ ...FACTS, urls: ["http://192.168.1.5:5000"], notes: [] })).toBe(
      [
        "{",
        "  nix.settings = {",
        '    substituters = [ "http://192.168.1.5:5000" ];',
        '    trusted-public-keys = [ "beez-1:AAAA=" "beez-2:BBBB=" ];',
        "    connect-timeout = 5;",
        "    download-attempts = 2;",
        "    fallback = true;",
        "  };",
        "}",
        "",
      ].join("\n"),
    );
  });

  it("quotes what the language would read", () => {
    const module = formatNixosModule({ ...FACTS, urls: ['http://a/"${b}\\'] });

    expect(module).toContain('[ "http://a/\\"\\${b}\\\\" ]');
  });
});
