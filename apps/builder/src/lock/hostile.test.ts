import { readFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { parseLockInputs } from "./lock-inputs.ts";

function lockOf(nodes: object): Uint8Array {
  return Buffer.from(JSON.stringify({ nodes, root: "root", version: 7 }));
}

function chain(length: number, link: (index: number) => unknown): Record<string, unknown> {
  return Object.fromEntries(Array.from({ length }, (_, index) => [`n${index}`, link(index)]));
}

describe("parseLockInputs", () => {
  it("ends where inputs hold one another", () => {
    const nodes = { root: { inputs: { a: "a" } }, a: { inputs: { b: "b" } }, b: { inputs: { a: "a" } } };

    expect(parseLockInputs(lockOf(nodes))?.map(({ name }) => name)).toEqual(["a", "a/b", "a/b/a"]);
  });

  it("leaves out inputs that follow one another in a circle, themselves, or nothing", () => {
    const inputs = { a: ["b"], b: ["a"], c: ["c"], d: ["missing"], e: ["a", "x"], f: "f" };

    expect(parseLockInputs(lockOf({ root: { inputs }, f: {} }))?.map(({ name }) => name)).toEqual(["f"]);
  });

  it("does not list the many ways to an input of inputs that share theirs", () => {
    const nodes = chain(50, (index) => ({ inputs: { a: `n${index + 1}`, b: `n${index + 1}` } }));

    expect(parseLockInputs(lockOf({ root: { inputs: { n: "n0" } }, ...nodes }))?.length).toBeLessThan(200);
  });

  it("goes no deeper than any real lock", () => {
    const nodes = chain(20_000, (index) => ({ inputs: { a: `n${index + 1}` } }));

    expect(parseLockInputs(lockOf({ root: { inputs: { n: "n0" } }, ...nodes }))).toHaveLength(64);
  });

  it("follows no longer row of inputs than any real lock has", () => {
    const inputs = { ...chain(20_000, (index) => [`n${index + 1}`]), n20000: "z" };

    const names = parseLockInputs(lockOf({ root: { inputs }, z: {} }))?.map(({ name }) => name);

    expect(names).toContain("n20000");
    expect(names).not.toContain("n0");
  });

  it("takes names of JavaScript for names", () => {
    const lock = Buffer.from(
      '{"nodes":{"root":{"inputs":{"__proto__":"constructor","toString":"hasOwnProperty"}},"constructor":{}},"root":"root","version":7}',
    );

    expect(parseLockInputs(lock)?.map(({ name }) => name)).toEqual(["__proto__"]);
  });

  it("takes names that are no Unicode for what they are stored as, once", () => {
    const lock = lockOf({ root: { inputs: { "\ud800": "a", "\udfff": "a" } }, a: {} });

    expect(parseLockInputs(lock)?.map(({ name }) => name)).toEqual(["\ufffd"]);
  });

  it("leaves out a time that is none", () => {
    const locked = { type: "git", url: "a", lastModified: 1e300 };

    expect(parseLockInputs(lockOf({ root: { inputs: { a: "a" } }, a: { locked } }))?.[0]).not.toHaveProperty(
      "lastModified",
    );
  });

  it.each([null, 1, "a", [], [[]], { a: null }, { a: [1] }, { a: { b: "c" } }])(
    "leaves out what is no input in %j",
    (value) => {
      const nodes = { root: { inputs: value }, a: value, b: { inputs: { c: value } } };

      expect(parseLockInputs(lockOf(nodes))).toEqual([]);
    },
  );

  it("takes no piece of a lock for one", async () => {
    const lock = await readFile(`${import.meta.dirname}/../../test/fixtures/locks/follows.lock`);

    const found = Array.from(lock.subarray(0, -2), (_, end) => parseLockInputs(lock.subarray(0, end)));

    expect(found.filter((inputs) => inputs !== undefined)).toEqual([]);
  });
});
