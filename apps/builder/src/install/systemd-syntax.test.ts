import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { readSpecifiers, readWords } from "../../test/read-words.ts";
import { formatCommand, formatValue, formatWord } from "./systemd-syntax.ts";

/** Any text of one line, and more often than not one that systemd would read as something else. */
const line = fc
  .array(
    fc.oneof(
      fc.constantFrom('"', "'", "\\", "%", "$", " ", ";", "#", "%n", "${HOME}"),
      fc.string({ unit: "grapheme" }),
    ),
  )
  .map((parts) => parts.join(""))
  .filter((text) => !/[\p{Cc}\u2028\u2029]/u.test(text));

describe("formatWord", () => {
  it("writes what systemd reads as the same word", () => {
    fc.assert(
      fc.property(fc.array(line), (words) => {
        expect(readWords(words.map(formatWord).join(" "))).toEqual(words);
      }),
    );
  });

  it.each([
    ["/var/lib/nix-cache-builder", "/var/lib/nix-cache-builder"],
    ["-/nix/var/nix/gcroots", "-/nix/var/nix/gcroots"],
    ["/srv/100%", "/srv/100%%"],
    ["/srv/my cache", '"/srv/my cache"'],
    ['/srv/"a"\\b', String.raw`"/srv/\"a\"\\b"`],
  ])("writes %s as %s", (word, written) => {
    expect(formatWord(word)).toBe(written);
  });

  it.each(["/srv/a\nExecStart=/bin/true", "/srv/a\0", "/srv/\u2028"])("refuses %j", (word) => {
    expect(() => formatWord(word)).toThrow(expect.objectContaining({ exitCode: 78 }));
  });
});

describe("formatCommand", () => {
  it("keeps systemd from putting variables in", () => {
    expect(formatCommand(["/opt/$HOME/node", "--config", "/etc/a b"])).toBe(
      '/opt/$$HOME/node --config "/etc/a b"',
    );
  });

  it("writes what systemd reads as the same words", () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), (words) => {
        expect(readWords(formatCommand(words)).map((word) => word.replaceAll("$$", "$"))).toEqual(words);
      }),
    );
  });
});

describe("formatValue", () => {
  it("writes what systemd reads as the same value, or refuses it", () => {
    fc.assert(
      fc.property(line, (text) => {
        if (text === "" || text.trim() !== text || text.endsWith("\\")) return;
        expect(readSpecifiers(formatValue(text))).toBe(text);
      }),
    );
  });

  it.each(["/key\nUser=root", "/key\\", "/key "])("refuses %j, which would end elsewhere", (value) => {
    expect(() => formatValue(value)).toThrow("cannot be written into a unit");
  });
});
