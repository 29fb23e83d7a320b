import { describe, expect, it } from "vitest";

import { formatAccessTokens, parseAccessTokens, readAccessTokens, secretsOf } from "./access-tokens.ts";

describe("parseAccessTokens", () => {
  it.each([
    ["access-tokens = github.com=ghp_aaaaaaaa gitlab.com=PAT:bbbbbbbb", ["github.com", "gitlab.com"]],
    ["extra-access-tokens = github.com=ghp_aaaaaaaa\n", ["github.com"]],
    ["access-tokens=github.com=ghp_aaaaaaaa", ["github.com"]],
    ["github.com=ghp_aaaaaaaa\r\ngitlab.com=OAuth2:bbbbbbbb\r\n", ["github.com", "gitlab.com"]],
    ["\uFEFF# forge tokens\n\n  github.com/org=ghp_aaaaaaaa # mine\n", ["github.com/org"]],
    ["git.example.org:8443=aaaa+bbb/ccc==", ["git.example.org:8443"]],
    ["access-tokens =\n", []],
    ["", []],
  ])("reads %j", (text, hosts) => {
    expect([...parseAccessTokens(text, "/run/tokens").keys()]).toEqual(hosts);
  });

  it("takes the later of two tokens for one host", () => {
    const tokens = parseAccessTokens("a.org=11111111\na.org=22222222", "/run/tokens");

    expect(formatAccessTokens(tokens)).toBe("a.org=22222222");
  });

  it.each([
    ["ghp_s3cret", 1],
    ["github.com=ghp_aaaaaaaa\nnetrc-file = /s3cret", 2],
    ["# x\n\nmachine github.com password s3cret", 3],
    ["!include /s3cret", 1],
    ["github.com = ghp_s3cret", 1],
    ["github.com=", 1],
    ['{"github.com": "s3cret"}', 1],
    ["github.com=s3cret\u0000", 1],
  ])("refuses %j, naming the line and not what is in it", (text, line) => {
    expect(() => parseAccessTokens(text, "/run/tokens")).toThrow(
      expect.objectContaining({
        code: "ERR_NIX_ACCESS_TOKENS",
        message: `accessTokensFile /run/tokens, line ${line}: expected HOST=TOKEN words, with or without "access-tokens =" before them`,
      }),
    );
  });
});

describe("readAccessTokens", () => {
  it("names a file that is not there", async () => {
    await expect(readAccessTokens("/nonexistent/tokens")).rejects.toMatchObject({
      code: "ERR_NIX_ACCESS_TOKENS",
      message: expect.stringContaining("/nonexistent/tokens cannot be read (ENOENT)"),
    });
  });
});

describe("secretsOf", () => {
  it("gives each token with and without its type, and none that is too short to hide", () => {
    const tokens = parseAccessTokens("a.org=PAT:12345678\nb.org=abc\nc.org=abcdefgh", "/run/tokens");

    expect(secretsOf(tokens)).toEqual(["PAT:12345678", "12345678", "abcdefgh"]);
  });
});
