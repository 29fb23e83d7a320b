import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { signNarInfo } from "@nix-cache/narinfo";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { KEY_1, KEY_2, MULTI } from "../test/fixtures.ts";
import { readSigningKeys } from "./signer.ts";
import { StartError } from "./start-error.ts";

let directory: string;
const write = (name: string, text: string): string => {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "signer-"));
});

afterEach(() => {
  chmodSync(directory, 0o700);
  rmSync(directory, { recursive: true });
});

describe("readSigningKeys", () => {
  it("reads keys that sign as Nix does", () => {
    const keys = readSigningKeys([write("1", KEY_1.secret), write("2", `${KEY_2.secret}\n`)]);

    const info = { ...MULTI.info, storePath: MULTI.info.path };
    expect(keys.map((key) => signNarInfo(info, key))).toEqual([MULTI.signature1, MULTI.signature2]);
    expect(keys.map((key) => key.publicKey)).toEqual([KEY_1.public, KEY_2.public]);
  });

  it("is content without any", () => {
    expect(readSigningKeys([])).toEqual([]);
  });

  it("names a file that is missing, and the way out", () => {
    const file = join(directory, "none");

    expect(() => readSigningKeys([file])).toThrow(StartError);
    expect(() => readSigningKeys([file])).toThrow(
      `make ${file} readable, or change cacheServer.signingKeyFiles`,
    );
  });

  it.each([
    ["a public key", KEY_1.public],
    ["a truncated key", KEY_1.secret.slice(0, 60)],
    ["a key without its name", KEY_1.secret.slice(KEY_1.secret.indexOf(":") + 1)],
    ["a key whose halves do not belong together", KEY_1.secret.replace("WsJ", "WsK")],
    ["nothing", ""],
  ])("refuses %s without repeating a word of it", (_, text) => {
    const file = write("key", text);

    expect(() => readSigningKeys([file])).toThrow(
      expect.toSatisfy(
        (error: Error) => error instanceof StartError && error.message.includes(file) && !leaks(error, text),
      ),
    );
  });

  it("refuses two keys of one name", () => {
    const files = [write("1", KEY_1.secret), write("2", KEY_1.secret)];

    expect(() => readSigningKeys(files)).toThrow("holds two keys named cache.example.org-1");
  });
});

/** Whether an error, with its cause, has any eight characters of the key's base64. */
function leaks(error: Error, key: string): boolean {
  const text = `${error.message} ${String(error.cause)}`;
  const secret = key.slice(key.indexOf(":") + 1);
  return Array.from(secret, (_, at) => secret.slice(at, at + 8)).some(
    (part) => part.length === 8 && text.includes(part),
  );
}
