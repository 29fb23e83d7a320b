import { DatabaseSync } from "node:sqlite";

import { describe, expect, it } from "vitest";

import { copyToStateDir, makeStateDir, readGolden } from "../test/state-dir.ts";
import type { GoldenInfo } from "../test/state-dir.ts";
import { openStoreDb } from "./index.ts";

const LEAF = "/nix/store/ddksnjhvzdq406m04hxmhcdv7yyrxfv3-leaf-1.0";
const SELF = "/nix/store/103ccsxv2j7jh7yjr57hrlqy6rjjnlmn-selfref";
const DEP = "/nix/store/dbh0474rrchswlvznldz8dkipkc9281h-dep-2.0";
const CHAIN_OF_5000 = `
  with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000)
    insert into ValidPaths(id, path, hash, registrationTime)
    select 1000 + i, format('/nix/store/chain-%05d', i), '', 1 from n;
  insert into Refs select id, id - 1 from ValidPaths where id > 1001;`;

describe.each(["2.8.0", "2.34.8"])("pathInfo of a database of Nix %s", (version) => {
  const golden = readGolden(`nix-${version}.path-info.json`);

  it.each(golden)("reads $path as Nix does", (expected) => {
    using state = copyToStateDir(`nix-${version}.sqlite`);
    using database = openStoreDb(state);

    const info = database.pathInfo(expected.path);

    expect(info).toStrictEqual(fromGolden(expected));
  });
});

describe("pathInfo", () => {
  it("answers undefined for a path that is not valid", () => {
    using state = copyToStateDir("nix-2.8.0.sqlite");
    using database = openStoreDb(state);

    expect(database.pathInfo("/nix/store/00000000000000000000000000000000-absent")).toBeUndefined();
    expect(database.pathInfo(`${LEAF}/bin`)).toBeUndefined();
    expect(database.pathInfo("")).toBeUndefined();
  });
});

describe("pathFromHashPart", () => {
  it.each(["2.8.0", "2.34.8"])("finds every path of a database of Nix %s", (version) => {
    using state = copyToStateDir(`nix-${version}.sqlite`);
    using database = openStoreDb(state);
    const paths = readGolden(`nix-${version}.path-info.json`).map((info) => info.path);

    const found = paths.map((path) => database.pathFromHashPart(path.slice(11, 43)));

    expect(found).toEqual(paths);
  });

  it.each([
    ["an unknown hash part", "ddksnjhvzdq406m04hxmhcdv7yyrxfv2"],
    ["the last possible hash part", "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"],
    ["a shortened one", "ddksnjhvzdq406m04hxmhcdv7yyrxfv"],
    ["one with the name behind it", "ddksnjhvzdq406m04hxmhcdv7yyrxfv3-leaf-1.0"],
    ["upper case", "DDKSNJHVZDQ406M04HXMHCDV7YYRXFV3"],
    ["letters that nix32 lacks", "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"],
    ["a trailing newline", "ddksnjhvzdq406m04hxmhcdv7yyrxfv3\n"],
    ["nothing", ""],
  ])("answers undefined for %s", (_, hashPart) => {
    using state = copyToStateDir("nix-2.8.0.sqlite");
    using database = openStoreDb(state);

    expect(database.pathFromHashPart(hashPart)).toBeUndefined();
  });

  it("looks below the given store directory only", () => {
    using state = copyToStateDir("nix-2.8.0.sqlite");
    using elsewhere = openStoreDb({ stateDir: state.stateDir, storeDir: "/other/store" });
    using slashed = openStoreDb({ stateDir: state.stateDir, storeDir: "/nix/store/" });

    expect(elsewhere.pathFromHashPart(LEAF.slice(11, 43))).toBeUndefined();
    expect(slashed.pathFromHashPart(LEAF.slice(11, 43))).toBe(LEAF);
  });
});

describe("closure", () => {
  it("lists the paths and what they refer to, each once, sorted", () => {
    using state = copyToStateDir("nix-2.8.0.sqlite");
    using database = openStoreDb(state);

    expect(database.closure([SELF])).toEqual([SELF, DEP, LEAF]);
    expect(database.closure([LEAF, SELF, LEAF, DEP])).toEqual([SELF, DEP, LEAF]);
    expect(database.closure(new Set([LEAF]))).toEqual([LEAF]);
  });

  it("leaves out what is not valid", () => {
    using state = copyToStateDir("nix-2.8.0.sqlite");
    using database = openStoreDb(state);

    const closure = database.closure(["/nix/store/00000000000000000000000000000000-absent", LEAF, "junk"]);

    expect(closure).toEqual([LEAF]);
  });

  it("is empty for no paths", () => {
    using state = copyToStateDir("nix-2.8.0.sqlite");
    using database = openStoreDb(state);

    expect(database.closure([])).toEqual([]);
  });
});

describe("closure of a large store", () => {
  it("lists a chain of 5000 paths", () => {
    using state = copyToStateDir("nix-2.8.0.sqlite");
    using writer = new DatabaseSync(state.file);
    writer.exec(CHAIN_OF_5000);
    using database = openStoreDb(state);

    expect(database.closure(["/nix/store/chain-05000"])).toHaveLength(5000);
  });
});

describe("openStoreDb", () => {
  it.each([
    ["storeDir", { storeDir: "nix/store" }],
    ["stateDir", { stateDir: "" }],
  ])("refuses a relative %s", (name, options) => {
    expect(() => openStoreDb(options)).toThrow(new RegExp(`^expected ${name} to be an absolute path`));
  });

  it("answers nothing after close, which may be called twice", () => {
    using state = copyToStateDir("nix-2.8.0.sqlite");
    const database = openStoreDb(state);

    database.close();
    database.close();

    expect(() => database.pathInfo(LEAF)).toThrow(expect.objectContaining({ code: "ERR_STORE_DB_CLOSED" }));
  });

  it("says that the database is missing", () => {
    using state = makeStateDir();

    expect(() => openStoreDb(state)).toThrow(expect.objectContaining({ code: "ERR_STORE_DB_MISSING" }));
    expect(() => openStoreDb(state)).toThrow(`there is no ${state.file}; check stateDir`);
  });
});

function fromGolden(golden: GoldenInfo): object {
  const hex = Buffer.from(golden.narHash.replace("sha256-", ""), "base64").toString("hex");
  return { signatures: [], ultimate: false, ...golden, narHash: `sha256:${hex}` };
}
