import { describe, expect, it } from "vitest";

import { cleanText, hideCredentials, hideSecrets } from "./text.ts";

describe("cleanText", () => {
  it("drops colors, cursor movement and titles", () => {
    expect(cleanText("\u001b[31;1merror:\u001b[0m \u001b]0;title\u0007x\u001b[2K")).toBe("error: x");
  });

  it("drops control characters but tab and line feed", () => {
    expect(cleanText("a\u0001\u0000b\tc\nd\re\u007f\u009b")).toBe("ab\tc\nde");
  });
});

describe("hideCredentials", () => {
  it("hides a token in a URL", () => {
    expect(hideCredentials("fatal: unable to access 'https://u:t0ken@host/r.git/'")).toBe(
      "fatal: unable to access 'https://***@host/r.git/'",
    );
  });

  it("leaves other URLs alone", () => {
    expect(hideCredentials("git+ssh://git@host/r https://host/a@b")).toBe(
      "git+ssh://git@host/r https://host/a@b",
    );
  });
});

describe("hideSecrets", () => {
  it("replaces every secret wherever it is", () => {
    expect(hideSecrets("a s3cret, a s3cret$& and t0ken", ["s3cret$&", "s3cret", "t0ken"])).toBe(
      "a ***, a *** and ***",
    );
  });
});
