import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { originOf, sealText } from "./seal-text.ts";

const NOTES = { configFile: "/etc/config.toml", ownChanges: "systemctl edit a.service" };

describe("originOf", () => {
  it("knows a file that we wrote, whatever it holds", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(originOf(sealText(text, NOTES))).toBe("ours");
      }),
    );
  });

  it("knows one that somebody has changed since", () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (text, addition) => {
        expect(originOf(sealText(text, NOTES) + addition)).toBe("changed");
      }),
    );
  });

  it.each(["", "[Unit]\n", "# Written by hand\n[Unit]\n"])("takes %j for somebody else's", (text) => {
    expect(originOf(text)).toBe("foreign");
  });
});
