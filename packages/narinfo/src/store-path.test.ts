import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { storePaths as arbitraryStorePaths } from "../test/arbitraries.ts";
import { storePaths } from "../test/fixtures.ts";
import { outcome } from "../test/outcome.ts";
import { parseStorePath } from "./store-path.ts";

const HASH_PART = "552hbm8si9y1d090nnlqs6misr8qcly8";

// Nix took the names that end in .drv as names, and then failed to read the file as a derivation.
const accepted = storePaths.names.filter(
  ({ name, ...nix }) => name.endsWith(".drv") || !nix["nix_2.34.8"].startsWith("ERR"),
);
const refused = storePaths.names.filter((vector) => !accepted.includes(vector));

describe("parseStorePath", () => {
  it("takes a path apart", () => {
    expect(parseStorePath(`/nix/store/${HASH_PART}-hello-2.12.1`)).toEqual({
      storeDir: "/nix/store",
      hashPart: HASH_PART,
      name: "hello-2.12.1",
    });
  });

  it("takes a path of another store apart", () => {
    const path = parseStorePath(`/home/me/store/${HASH_PART}-x`, { storeDir: "/home/me/store" });

    expect(path.storeDir).toBe("/home/me/store");
  });

  it.each(accepted)("takes the name $name", ({ name }) => {
    expect(parseStorePath(`/nix/store/${HASH_PART}-${name}`).name).toBe(name);
  });

  it.each(refused)("refuses the name $name", ({ name }) => {
    expect(outcome(() => parseStorePath(`/nix/store/${HASH_PART}-${name}`))).toBe("ERR_NARINFO_STORE_PATH");
  });

  it.each(storePaths.paths)("takes the path of $id", ({ path }) => {
    const { storeDir, hashPart, name } = parseStorePath(path);

    expect(`${storeDir}/${hashPart}-${name}`).toBe(path);
  });

  it("takes a name of 211 characters", () => {
    expect(parseStorePath(`/nix/store/${HASH_PART}-${"x".repeat(211)}`).name).toHaveLength(211);
  });

  it.each([".-", ".-a", "..-a", "."])("refuses the name %s, which newer Nix refuses", (name) => {
    expect(outcome(() => parseStorePath(`/nix/store/${HASH_PART}-${name}`))).toBe("ERR_NARINFO_STORE_PATH");
  });

  it.each([
    ["no store directory", `${HASH_PART}-x`],
    ["another store directory", `/gnu/store/${HASH_PART}-x`],
    ["a store directory of which the expected one is a prefix", `/nix/store2/${HASH_PART}-x`],
    ["no base name", "/nix/store/"],
    ["a trailing slash", `/nix/store/${HASH_PART}-x/`],
    ["something below it", `/nix/store/${HASH_PART}-x/bin`],
    ["two slashes", `/nix/store//${HASH_PART}-x`],
    ["dots", `/nix/store/../store/${HASH_PART}-x`],
    ["no name", `/nix/store/${HASH_PART}`],
    ["no dash", `/nix/store/${HASH_PART}_x`],
    ["a hash part that is too short", `/nix/store/${HASH_PART.slice(1)}-x`],
    ["a hash part that is too long", `/nix/store/0${HASH_PART}-x`],
    ["an upper-case hash part", `/nix/store/${HASH_PART.toUpperCase()}-x`],
    ["a letter that nix base 32 lacks", `/nix/store/e${HASH_PART.slice(1)}-x`],
    ["space around it", ` /nix/store/${HASH_PART}-x`],
    ["a line feed at the end", `/nix/store/${HASH_PART}-x\n`],
    ["a letter beyond ASCII", `/nix/store/${HASH_PART}-\u00e9`],
    ["no text", ""],
  ])("refuses a path with %s", (_, path) => {
    expect(outcome(() => parseStorePath(path))).toBe("ERR_NARINFO_STORE_PATH");
  });

  it.each(["nix/store", "/nix/store/", "/", "", "/nix//store", "/nix/\nstore"])(
    "refuses the store directory %j as an argument",
    (storeDir) => {
      expect(() => parseStorePath(`/nix/store/${HASH_PART}-x`, { storeDir })).toThrow(RangeError);
    },
  );

  it("refuses what is not a string", () => {
    // @ts-expect-error undefined is no path
    expect(() => parseStorePath(undefined)).toThrow(TypeError);
  });

  it("gives parts that join to the path again", () => {
    fc.assert(
      fc.property(arbitraryStorePaths, (path) => {
        const { storeDir, hashPart, name } = parseStorePath(path);

        expect(`${storeDir}/${hashPart}-${name}`).toBe(path);
      }),
    );
  });
});
