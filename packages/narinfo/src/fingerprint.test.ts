import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { narInfos } from "../test/arbitraries.ts";
import { sign } from "../test/fixtures.ts";
import { outcome } from "../test/outcome.ts";
import { fingerprint } from "./fingerprint.ts";

const A = "/nix/store/103ccsxv2j7jh7yjr57hrlqy6rjjnlmn-a";
const B = "/nix/store/dbh0474rrchswlvznldz8dkipkc9281h-b";
const NAR_HASH = "sha256:06c1r3f317v9gxzgsg0rdz2vw9v36drai2xxmdpj1052j2i5g3hd";
const FIELDS = { storePath: A, narHash: NAR_HASH, narSize: 440, references: [] };

describe("fingerprint", () => {
  it.each(sign.sign)("writes that of $storePath as Nix does", (vector) => {
    expect(fingerprint({ ...vector, narSize: Number(vector.narSize) })).toBe(vector.fingerprint);
  });

  it("ends in a semicolon when there are no references", () => {
    expect(fingerprint(FIELDS)).toBe(`1;${A};${NAR_HASH};440;`);
  });

  it("sorts references and names each once", () => {
    expect(fingerprint({ ...FIELDS, references: [B, A, B] })).toBe(`1;${A};${NAR_HASH};440;${A},${B}`);
  });

  it("takes the NAR hash in base 16", () => {
    const narHash = "sha256:0d8e57a290a280206fabbd8ba872336327bec56f193cfd7e7f699f30dcc88119";

    expect(fingerprint({ ...FIELDS, narHash })).toBe(`1;${A};${NAR_HASH};440;`);
  });

  it.each([
    ["ERR_NARINFO_STORE_PATH", { storePath: "103ccsxv2j7jh7yjr57hrlqy6rjjnlmn-a" }],
    ["ERR_NARINFO_STORE_PATH", { references: ["103ccsxv2j7jh7yjr57hrlqy6rjjnlmn-a"] }],
    ["ERR_NARINFO_STORE_PATH", { references: [`${A},${B}`] }],
    ["ERR_NARINFO_STORE_PATH", { references: [B.replace("nix", "gnu")] }],
    ["ERR_NARINFO_HASH", { narHash: "sha256:0" }],
    ["ERR_NARINFO_SIZE", { narSize: 0 }],
  ])("throws %s for %j", (code, fields) => {
    expect(outcome(() => fingerprint({ ...FIELDS, ...fields }))).toBe(code);
  });

  it("does not depend on the order of references", () => {
    fc.assert(
      fc.property(narInfos, (info) => {
        const reversed = { ...info, references: info.references.toReversed() };

        expect(fingerprint(reversed)).toBe(fingerprint(info));
      }),
    );
  });
});
