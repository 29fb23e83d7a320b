import { describe, expect, it } from "vitest";

import { formatClientConfig } from "./client-config.ts";

const KEY = "beez-1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const URL = "http://192.168.1.5:5000";

describe("formatClientConfig", () => {
  it("prints what goes into nix.conf and NixOS as is for /nix/store", () => {
    const text = formatClientConfig({
      urls: [URL],
      notes: [],
      publicKeys: [KEY],
      storeDir: "/nix/store",
      toplevels: ["/nix/store/1c0ia83myvixh6z945m6fcly9kk0zb0f-nixos-system-nz-26.11"],
    });

    expect(text).toBe(
      [
        `Substituter:  ${URL}`,
        `Public key:   ${KEY}`,
        "",
        "In nix.conf of every client:",
        `  extra-substituters = ${URL}`,
        `  extra-trusted-public-keys = ${KEY}`,
        "  connect-timeout = 5",
        "  download-attempts = 2",
        "  fallback = true",
        "",
        "Or in its NixOS configuration:",
        "  nix.settings = {",
        `    substituters = [ "${URL}" ];`,
        `    trusted-public-keys = [ "${KEY}" ];`,
        "    connect-timeout = 5;",
        "    download-attempts = 2;",
        "    fallback = true;",
        "  };",
        "",
        "To download every host on a client:",
        `  nix copy --extra-experimental-features nix-command --option trusted-public-keys ${KEY} --from ${URL} /nix/store/1c0ia83myvixh6z945m6fcly9kk0zb0f-nixos-system-nz-26.11`,
        "",
      ].join("\n"),
    );
  });

  it("names the store in the command when it is not /nix/store", () => {
    const text = formatClientConfig({
      urls: [URL],
      notes: [],
      publicKeys: [KEY],
      storeDir: "/srv/a/store",
      toplevels: ["/srv/a/store/1c0ia83myvixh6z945m6fcly9kk0zb0f-nixos-system-nz-26.11"],
    });

    expect(text).toContain(
      `--from '${URL}?store=/srv/a/store' --option build-users-group '' --to "local?root=/tmp/nix-cache-client-$(id -u)&store=`,
    );
    expect(text).toContain(" /srv/a/store/1c0ia83myvixh6z945m6fcly9kk0zb0f-nixos-system-nz-26.11\n");
  });

  it("says which of the machine's networks the allow list keeps out", () => {
    const note = "10.0.0.2 is outside cacheServer.allow: clients on its network are refused";

    const text = formatClientConfig({
      urls: [URL],
      notes: [note],
      publicKeys: [KEY],
      storeDir: "/nix/store",
      toplevels: [],
    });

    expect(text).toContain(`\nNote:         ${note}\n`);
  });

  it("says when nothing is published", () => {
    const text = formatClientConfig({
      urls: [URL],
      notes: [],
      publicKeys: [KEY],
      storeDir: "/nix/store",
      toplevels: [],
    });

    expect(text).toMatch(/Nothing is published yet\.\n$/);
  });
});
