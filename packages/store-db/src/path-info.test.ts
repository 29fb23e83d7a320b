import { describe, expect, it } from "vitest";

import { pathInfoFromRow } from "./path-info.ts";

const PATH = "/nix/store/ddksnjhvzdq406m04hxmhcdv7yyrxfv3-leaf-1.0";
const HEX = "093b4f8534affd94973055e60cc92902dc1ba6bf42fbc960b16b0f463d70b5eb";
const ROW = {
  path: PATH,
  hash: `sha256:${HEX}`,
  registrationTime: 1795329311n,
  deriver: null,
  narSize: 456n,
  ultimate: null,
  sigs: null,
  ca: null,
  refs: null,
};

describe("pathInfoFromRow", () => {
  it("leaves out what is NULL", () => {
    expect(pathInfoFromRow(ROW)).toStrictEqual({
      path: PATH,
      narHash: `sha256:${HEX}`,
      narSize: 456,
      references: [],
      signatures: [],
      registrationTime: 1795329311,
      ultimate: false,
    });
  });

  it("treats empty text as NULL", () => {
    const info = pathInfoFromRow({ ...ROW, deriver: "", sigs: "", ca: "", refs: "", ultimate: 0n });

    expect(info).toStrictEqual(pathInfoFromRow(ROW));
  });

  it("takes doubled spaces between signatures for one", () => {
    expect(pathInfoFromRow({ ...ROW, sigs: " a:b  c:d " }).signatures).toEqual(["a:b", "c:d"]);
  });

  it("gives 0 for the size that an old Nix did not record", () => {
    expect(pathInfoFromRow({ ...ROW, narSize: null }).narSize).toBe(0);
  });

  it("keeps the largest exact size and refuses the next", () => {
    expect(pathInfoFromRow({ ...ROW, narSize: 9007199254740991n }).narSize).toBe(9007199254740991);
    expect(() => pathInfoFromRow({ ...ROW, narSize: 9007199254740992n })).toThrow(
      expect.objectContaining({ code: "ERR_STORE_DB_CORRUPT", path: PATH }),
    );
  });

  it.each([
    ["a negative size", { narSize: -1n }],
    ["a size that is text", { narSize: "many" }],
    ["an empty hash", { hash: "" }],
    ["a hash that is no text", { hash: new Uint8Array(32) }],
    ["an MD5 hash", { hash: "md5:d41d8cd98f00b204e9800998ecf8427e" }],
  ])("refuses %s", (_, change) => {
    expect(() => pathInfoFromRow({ ...ROW, ...change })).toThrow(
      expect.objectContaining({ name: "StoreDbError", code: "ERR_STORE_DB_CORRUPT", path: PATH }),
    );
  });
});
