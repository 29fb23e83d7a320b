import { readFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { parsePathInfo } from "./parse-path-info.ts";

const STORE = "/srv/example/store";
const DEP = `${STORE}/3yssyp907yffk41gx3217bbs0k71hx08-dep`;
const TOP = `${STORE}/94canrq2cb8q2hwz4la6x0ny8qvc6m9d-top`;

async function readFixture(name: string): Promise<unknown> {
  return JSON.parse(await readFile(new URL(`../test/fixtures/${name}`, import.meta.url), "utf8"));
}

describe.each([
  "nix-2.8.0-path-info.json",
  "derived-lix-path-info.json",
  "nix-2.26.3-path-info.json",
  "nix-2.34.8-path-info-v1.json",
  "nix-2.34.8-path-info-v2.json",
  "derived-path-info-v3.json",
])("parsePathInfo of %s", (fixture) => {
  it("gives full paths, sizes and signatures", async () => {
    const { valid } = parsePathInfo(await readFixture(fixture));

    expect(valid.find(({ path }) => path === TOP)).toEqual({
      path: TOP,
      narHash: "sha256-nAgNV5f/J3wj8YE3o8fNMdRZjyR8edEyZ2hcMMa4Gdc=",
      narSize: 216,
      references: [DEP, TOP],
      deriver: `${STORE}/a2hnzf0njngj4ibfsq3yylk1i8lqiqwf-top.drv`,
      signatures: [
        "k-1:WShBOgCf2LB0A5nnXkafebmYEkXIZirBvLsfV00Z2+y2GTS7f5comHsatLjGvnPYnOAJQSb5C4W1uKBEjhMCDA==",
      ],
      registrationTime: 1795371563,
      ultimate: true,
      closureSize: 336,
    });
  });

  it("leaves out what a fixed-output path does not have", async () => {
    const { valid } = parsePathInfo(await readFixture(fixture));

    expect(valid.find(({ path }) => path.endsWith("nix.conf"))).toMatchObject({
      signatures: [],
      ultimate: false,
      ca: expect.anything(),
    });
  });

  it("names the path that is not valid", async () => {
    expect(parsePathInfo(await readFixture(fixture)).invalid).toEqual([
      `${STORE}/00000000000000000000000000000000-x`,
    ]);
  });
});

describe("parsePathInfo of one path", () => {
  it("takes null for what is not known", () => {
    const info = { narHash: "sha256-x", narSize: 1, references: [], deriver: null, ca: null };
    const value = { "/s/a": { ...info, registrationTime: null, signatures: [], ultimate: false } };

    expect(parsePathInfo(value).valid).toEqual([
      { path: "/s/a", narHash: "sha256-x", narSize: 1, references: [], signatures: [], ultimate: false },
    ]);
  });

  it("joins what format 3 splits", () => {
    const info = {
      narHash: "sha256-x",
      narSize: 1,
      references: ["b"],
      signatures: [{ keyName: "k", sig: "AA==" }],
    };

    expect(parsePathInfo({ version: 3, storeDir: "/s", info: { a: info } }).valid).toMatchObject([
      { path: "/s/a", references: ["/s/b"], signatures: ["k:AA=="] },
    ]);
  });
});

describe("parsePathInfo", () => {
  it.each([[null], ["x"], [[1]], [{ "/s/a": 1 }], [[{ path: "/s/a", narHash: 1 }]]])(
    "refuses %j",
    (value) => {
      expect(() => parsePathInfo(value)).toThrow(TypeError);
    },
  );
});
