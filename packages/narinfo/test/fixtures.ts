import { readdirSync, readFileSync } from "node:fs";

import { formatHash, type NarInfo, parseHash } from "../src/index.ts";
import base32 from "./fixtures/base32/vectors.json" with { type: "json" };
import cases from "./fixtures/narinfo/cases.json" with { type: "json" };
import sign from "./fixtures/sign/vectors.json" with { type: "json" };
import storePaths from "./fixtures/storepath/vectors.json" with { type: "json" };

export { base32, sign, storePaths };

const FIXTURES = new URL("fixtures/", import.meta.url);

/** Reads a narinfo text by its path below fixtures/. */
function readFixture(name: string): string {
  return readFileSync(new URL(name, FIXTURES), "utf8");
}

/** The narinfos that real Nix wrote. */
export const realNarInfos: { name: string; text: string }[] = readdirSync(
  new URL("narinfo/real/", FIXTURES),
).map((name) => ({ name, text: readFixture(`narinfo/real/${name}`) }));

/** A narinfo text, the verdict that this package must come to, and what Nix 2.34.8 read from the text. */
export interface NarInfoCase {
  readonly id: string;
  readonly required: string;
  readonly text: string;
  readonly nix: Partial<NarInfo>;
}

export const narInfoCases: readonly NarInfoCase[] = cases.map((vector) => ({
  id: vector.id,
  required: vector.required,
  text: readFixture(vector.file),
  nix: readVerdict(vector["nix_2.34.8"]),
}));

/** Turns the JSON of `nix path-info` into the fields of a narinfo; the vectors have a text for an error. */
function readVerdict(verdict: (typeof cases)[number]["nix_2.34.8"]): Partial<NarInfo> {
  if (typeof verdict === "string") return {};
  const { narHash, narSize, references, signatures, url, deriver, ca, downloadSize } = verdict;
  return {
    narHash: formatHash(parseHash(narHash)),
    narSize,
    references,
    signatures,
    url,
    ...(deriver === null ? {} : { deriver }),
    ...(ca === null ? {} : { ca }),
    ...(downloadSize === undefined ? {} : { fileSize: downloadSize }),
  };
}
