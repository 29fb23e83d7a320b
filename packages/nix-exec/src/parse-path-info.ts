import {
  expectNumber,
  expectRecord,
  expectString,
  expectStrings,
  isRecord,
  type JsonRecord,
} from "./json.ts";

/** What the store knows of a valid path, the same for every version of Nix. */
export interface PathInfo {
  /** Full store path, as are references and deriver. */
  readonly path: string;
  /** SRI form, `sha256-<base64>`. */
  readonly narHash: string;
  readonly narSize: number;
  readonly references: readonly string[];
  readonly deriver?: string;
  /** `<key name>:<base64>` each. */
  readonly signatures: readonly string[];
  /** Content address in Nix's text form, or as method and SRI hash from formats 2 and 3. */
  readonly ca?: string | { readonly method: string; readonly hash: string };
  /** Seconds since 1970. */
  readonly registrationTime?: number;
  /** True when it was built here. */
  readonly ultimate: boolean;
  /** NAR bytes of the closure, when asked for. */
  readonly closureSize?: number;
}

/** Answer of path-info. */
export interface PathInfoResult {
  readonly valid: readonly PathInfo[];
  /** Paths that the store does not have. */
  readonly invalid: readonly string[];
}

type Entry = readonly [path: string, info: JsonRecord | undefined];

/**
 * Normalises the JSON of `nix path-info`: a list (Nix to 2.18, Lix), a map by path (2.19), or a map by base name
 * below `info` (`--json-format` 2 and 3).
 *
 * @throws TypeError when it is none of these
 */
export function parsePathInfo(value: unknown): PathInfoResult {
  const { entries, prefix } = readEntries(value);
  return {
    valid: entries.flatMap(([path, info]) => (info === undefined ? [] : [readPathInfo(path, info, prefix)])),
    invalid: entries.flatMap(([path, info]) => (info === undefined ? [path] : [])),
  };
}

function readEntries(value: unknown): { readonly entries: readonly Entry[]; readonly prefix: string } {
  if (Array.isArray(value)) {
    const records = value.map((item) => expectRecord(item, "path info"));
    const entries = records.map((info): Entry => [
      expectString(info["path"], "path"),
      info["valid"] === false ? undefined : info,
    ]);
    return { entries, prefix: "" };
  }
  const record = expectRecord(value, "path info");
  const isByBaseName = isRecord(record["info"]) && typeof record["storeDir"] === "string";
  const prefix = isByBaseName ? `${expectString(record["storeDir"], "storeDir")}/` : "";
  const infos = isByBaseName ? expectRecord(record["info"], "info") : record;
  const entries = Object.entries(infos).map(([name, info]): Entry => [
    prefix + name,
    info === null ? undefined : expectRecord(info, "path info"),
  ]);
  return { entries, prefix };
}

function readPathInfo(path: string, info: JsonRecord, prefix: string): PathInfo {
  const { deriver, registrationTime, closureSize } = info;
  const ca = readContentAddress(info["ca"]);
  return {
    path,
    narHash: expectString(info["narHash"], "narHash"),
    narSize: expectNumber(info["narSize"], "narSize"),
    references: expectStrings(info["references"], "references").map((reference) => prefix + reference),
    ...(typeof deriver === "string" ? { deriver: prefix + deriver } : {}),
    signatures: readSignatures(info["signatures"] ?? []),
    ...(ca === undefined ? {} : { ca }),
    ...(typeof registrationTime === "number" ? { registrationTime } : {}),
    ultimate: info["ultimate"] === true,
    ...(typeof closureSize === "number" ? { closureSize } : {}),
  };
}

function readContentAddress(value: unknown): PathInfo["ca"] {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  const ca = expectRecord(value, "ca");
  return { method: expectString(ca["method"], "ca.method"), hash: expectString(ca["hash"], "ca.hash") };
}

/** Format 3 splits a signature into keyName and sig. */
function readSignatures(value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw new TypeError(`expected signatures to be a list, got ${typeof value}`);
  return value.map((item) => {
    if (typeof item === "string") return item;
    const { keyName, sig } = expectRecord(item, "signature");
    return `${expectString(keyName, "keyName")}:${expectString(sig, "sig")}`;
  });
}
