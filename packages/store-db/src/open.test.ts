import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { DatabaseSync } from "node:sqlite";

import { describe, expect, it } from "vitest";

import { copyToStateDir, fixture, makeStateDir, withoutRoot } from "../test/state-dir.ts";
import { registerPath, startWriter } from "../test/writer.ts";
import { openStoreDb } from "./index.ts";

const LEAF = "/nix/store/ddksnjhvzdq406m04hxmhcdv7yyrxfv3-leaf-1.0";
const NEW = "/nix/store/00000000000000000000000000000000-new";
const NEWER = "/nix/store/00000000000000000000000000000001-newer";
const OTHER_TABLES = "create table Other(id)";
const SCHEMA_WITHOUT_CA = "create table ValidPaths(id integer primary key, path text, hash text)";

describe("openStoreDb without write access", () => {
  it("reads a database at rest and leaves nothing beside it", () => {
    using state = copyToStateDir("nix-2.8.0.sqlite");
    chmodSync(state.dbDir, 0o555);

    const path = withoutRoot(() => {
      using database = openStoreDb(state);
      return database.pathInfo(LEAF)?.path;
    });

    expect(path).toBe(LEAF);
    expect(readdirSync(state.dbDir)).toEqual(["db.sqlite"]);
  });

  it("sees what a writer committed that has come and gone", async () => {
    using state = copyToStateDir("nix-2.8.0.sqlite");
    chmodSync(state.dbDir, 0o555);
    using database = withoutRoot(() => openStoreDb(state));

    chmodSync(state.dbDir, 0o755);
    await using writer = await startWriter(state.file);
    await writer.execute(registerPath(NEW));
    await writer.close();
    chmodSync(state.dbDir, 0o555);

    expect(withoutRoot(() => database.pathInfo(NEW)?.path)).toBe(NEW);
    expect(readdirSync(state.dbDir)).toEqual(["db.sqlite"]);
  });

  it("sees each commit of a writer that stays, and nothing uncommitted", async () => {
    using state = copyToStateDir("nix-2.8.0.sqlite");
    await using writer = await startWriter(state.file);
    await writer.execute(registerPath(NEW));
    chmodSync(state.dbDir, 0o555);
    using database = withoutRoot(() => openStoreDb(state));

    await writer.execute(`begin immediate; ${registerPath(NEWER)}`);
    const during = withoutRoot(() => database.closure([NEW, NEWER]));
    await writer.execute("commit");
    const after = withoutRoot(() => database.closure([NEW, NEWER]));

    expect(during).toEqual([NEW]);
    expect(after).toEqual([NEW, NEWER]);
  });

  it("sees what a writer committed before it crashed", async () => {
    using state = copyToStateDir("nix-2.8.0.sqlite");
    await using writer = await startWriter(state.file);
    await writer.execute(registerPath(NEW));
    await writer.crash();
    chmodSync(state.dbDir, 0o555);

    const path = withoutRoot(() => {
      using database = openStoreDb(state);
      return database.pathInfo(NEW)?.path;
    });

    expect(readdirSync(state.dbDir)).toEqual(["db.sqlite", "db.sqlite-shm", "db.sqlite-wal"]);
    expect(path).toBe(NEW);
  });

  it("reads beside an empty log", () => {
    using state = copyToStateDir("nix-2.8.0.sqlite");
    writeFileSync(`${state.file}-wal`, "");
    chmodSync(state.dbDir, 0o555);

    const path = withoutRoot(() => {
      using database = openStoreDb(state);
      return database.pathInfo(LEAF)?.path;
    });

    expect(path).toBe(LEAF);
  });

  it("refuses to miss the rows of a log that it cannot read", async () => {
    using state = copyToStateDir("nix-2.8.0.sqlite");
    await using writer = await startWriter(state.file);
    await writer.execute(registerPath(NEW));
    await writer.crash();
    rmSync(`${state.file}-shm`);
    chmodSync(state.dbDir, 0o555);

    expect(() => withoutRoot(() => openStoreDb(state))).toThrow(
      expect.objectContaining({ code: "ERR_STORE_DB_WAL", file: state.file }),
    );
  });

  it("says so when it may not read the file or its directory", () => {
    using state = copyToStateDir("nix-2.8.0.sqlite");
    const permission = expect.objectContaining({ code: "ERR_STORE_DB_PERMISSION", file: state.file });

    chmodSync(state.file, 0o000);
    expect(() => withoutRoot(() => openStoreDb(state))).toThrow(permission);
    chmodSync(state.dbDir, 0o000);
    expect(() => withoutRoot(() => openStoreDb(state))).toThrow(permission);
  });
});

describe("openStoreDb with write access", () => {
  it("sees each commit", async () => {
    using state = copyToStateDir("nix-2.34.8.sqlite");
    using database = openStoreDb(state);
    await using writer = await startWriter(state.file);

    expect(database.pathInfo(NEW)).toBeUndefined();
    await writer.execute(registerPath(NEW));
    expect(database.pathInfo(NEW)?.narSize).toBe(120);
    await writer.execute(`delete from ValidPaths where path = '${NEW}'`);
    expect(database.pathInfo(NEW)).toBeUndefined();
  });

  it("lets a writer finish while it stays open", async () => {
    using state = copyToStateDir("nix-2.8.0.sqlite");
    using database = openStoreDb(state);
    database.closure([LEAF]);
    await using writer = await startWriter(state.file);

    await writer.execute("pragma wal_checkpoint(truncate)");

    expect(database.pathInfo(LEAF)?.path).toBe(LEAF);
  });

  it("reads the new file after the database was replaced", () => {
    using state = copyToStateDir("nix-2.8.0.sqlite");
    using database = openStoreDb(state);
    const before = database.pathInfo(LEAF)?.registrationTime;
    copyFileSync(fixture("nix-2.34.8.sqlite"), `${state.file}.new`);
    rmSync(`${state.file}-wal`, { force: true });
    rmSync(`${state.file}-shm`, { force: true });

    renameSync(`${state.file}.new`, state.file);

    expect([before, database.pathInfo(LEAF)?.registrationTime]).toEqual([1795329311, 1795329328]);
  });

  it("says so when the database is gone, and reads again when it is back", () => {
    using state = copyToStateDir("nix-2.8.0.sqlite");
    using database = openStoreDb(state);
    renameSync(state.file, `${state.file}.away`);

    expect(() => database.pathInfo(LEAF)).toThrow(expect.objectContaining({ code: "ERR_STORE_DB_MISSING" }));
    renameSync(`${state.file}.away`, state.file);
    expect(database.pathInfo(LEAF)?.path).toBe(LEAF);
  });

  it("gives up on a database that another process keeps locked", async () => {
    using state = copyToStateDir("nix-2.8.0.sqlite");
    await using writer = await startWriter(state.file);
    await writer.execute("pragma locking_mode = exclusive");
    await writer.execute("pragma journal_mode = delete");
    await writer.execute(`begin exclusive; ${registerPath(NEW)}`);

    expect(() => openStoreDb(state)).toThrow(expect.objectContaining({ code: "ERR_STORE_DB_BUSY" }));
  });
});

describe("openStoreDb of something else", () => {
  it.each([
    ["random bytes", Buffer.alloc(4096, "junk"), "ERR_STORE_DB_FORMAT"],
    ["an empty file", "", "ERR_STORE_DB_FORMAT"],
  ])("refuses %s", (_, content, code) => {
    using state = makeStateDir();
    writeFileSync(state.file, content);

    expect(() => openStoreDb(state)).toThrow(expect.objectContaining({ code, file: state.file }));
  });

  it.each([
    ["another program's database", OTHER_TABLES, "ERR_STORE_DB_FORMAT"],
    ["a schema from before content addresses", SCHEMA_WITHOUT_CA, "ERR_STORE_DB_SCHEMA"],
  ])("refuses %s", (_, sql, code) => {
    using state = makeStateDir();
    using other = new DatabaseSync(state.file);
    other.exec(sql);

    expect(() => openStoreDb(state)).toThrow(expect.objectContaining({ code, file: state.file }));
  });

  it("refuses a directory", () => {
    using state = makeStateDir();
    mkdirSync(state.file);

    expect(() => openStoreDb(state)).toThrow(expect.objectContaining({ code: "ERR_STORE_DB_IO" }));
  });

  it("says that the database is damaged", () => {
    using state = makeStateDir();
    // The first page, with the list of tables, stays whole.
    const bytes = readFileSync(fixture("nix-2.8.0.sqlite")).fill(0xff, 4096);
    writeFileSync(state.file, bytes);

    expect(() => {
      using database = openStoreDb(state);
      return database.closure([LEAF]);
    }).toThrow(expect.objectContaining({ code: "ERR_STORE_DB_CORRUPT", file: state.file }));
  });
});
