import { describe, expect, it } from "vitest";

import { formatGitFlakeRef, formatHostInstallable, formatPathFlakeRef } from "./flake-ref.ts";

describe("formatGitFlakeRef", () => {
  it("formats a directory alone", () => {
    expect(formatGitFlakeRef({ directory: "/srv/flake" })).toBe("git+file:///srv/flake");
  });

  it("escapes what would end the path or a parameter", () => {
    const options = {
      directory: "/srv/a b?#",
      ref: "f#x/y&z",
      rev: "abc",
      submodules: true,
      subdirectory: "n/m",
    };

    expect(formatGitFlakeRef(options)).toBe(
      "git+file:///srv/a%20b%3F%23?ref=f%23x/y%26z&rev=abc&submodules=1&dir=n/m",
    );
  });

  it("refuses a relative directory", () => {
    expect(() => formatGitFlakeRef({ directory: "flake" })).toThrow(TypeError);
  });
});

describe("formatPathFlakeRef", () => {
  it("keeps the characters that old versions take only plain", () => {
    expect(formatPathFlakeRef("/srv/a+b,c_d-e.f")).toBe("path:/srv/a+b,c_d-e.f");
  });
});

describe("formatHostInstallable", () => {
  it("quotes a host with a dot", () => {
    expect(formatHostInstallable("path:/f", "we.b", "x.y")).toBe('path:/f#nixosConfigurations."we.b".x.y');
  });

  it("encodes what Nix or a URL would take for something else", () => {
    expect(formatHostInstallable("path:/f", "a${b}\\c", "x")).toBe(
      'path:/f#nixosConfigurations."a%24%7Bb%7D%5Cc".x',
    );
  });

  it.each(["", 'a"b'])("refuses %j", (host) => {
    expect(() => formatHostInstallable("path:/f", host, "x")).toThrow(RangeError);
  });
});
