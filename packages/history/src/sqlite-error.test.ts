import { DatabaseSync } from "node:sqlite";

import { describe, expect, it } from "vitest";

import { createTemporaryDirectory } from "../test/temporary-directory.ts";
import { withHistoryErrors } from "./sqlite-error.ts";
import { execute, transact } from "./statements.ts";

describe("withHistoryErrors", () => {
  it("names a database that another process is writing to", () => {
    using directory = createTemporaryDirectory();
    using one = new DatabaseSync(directory.file("db"));
    using other = new DatabaseSync(directory.file("db"), { timeout: 0 });
    one.exec("BEGIN IMMEDIATE");

    expect(() => transact(other, () => 1)).toThrow(expect.objectContaining({ code: "ERR_HISTORY_BUSY" }));
  });

  it("names a full disk, and leaves no transaction open", () => {
    using db = new DatabaseSync(":memory:");
    db.exec("CREATE TABLE a (x BLOB); PRAGMA max_page_count = 5");

    expect(() => transact(db, () => execute(db, "INSERT INTO a VALUES (zeroblob(100000))"))).toThrow(
      expect.objectContaining({ name: "HistoryError", code: "ERR_HISTORY_IO" }),
    );
    expect(db.isTransaction).toBe(false);
  });

  it("keeps what SQLite said as the cause, and begins with the context", () => {
    const error = Object.assign(new Error("disk I/O error"), { errcode: 10 });

    expect(() =>
      withHistoryErrors(() => {
        throw error;
      }, "cannot open /x"),
    ).toThrow(expect.objectContaining({ message: "cannot open /x: disk I/O error", cause: error }));
  });

  it("passes other errors as they are", () => {
    const error = new TypeError("not from SQLite");

    expect(() =>
      withHistoryErrors(() => {
        throw error;
      }),
    ).toThrow(error);
  });
});
