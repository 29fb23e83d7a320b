import {
  formatHash,
  formatNarInfo,
  type NarInfo,
  NarInfoError,
  parseHash,
  parseStorePath,
  type Signer,
  signNarInfo,
} from "@nix-cache/narinfo";
import type { PathInfo } from "@nix-cache/store-db";

import { formatNarUrl } from "./nar-url.ts";

type Optional = Partial<Pick<NarInfo, "deriver" | "ca">>;

/**
 * Writes the narinfo of a path: signed afresh by every key, with the stored signatures of other keys behind.
 * Of what is optional, anything malformed is left out: a client would refuse the whole narinfo for it.
 *
 * @param info what the database says
 * @param storeDir logical store directory
 * @param keys at most one of a name
 * @throws {NarInfoError} when the path cannot be served at all: a name that newer versions of Nix refuse, no NAR size
 */
export function formatNarInfoFor(info: PathInfo, storeDir: string, keys: readonly Signer[]): string {
  const required = describeNar(info, storeDir);
  const fresh = keys.map((key) => signNarInfo(required, key));
  const stored = withoutNames(info.signatures, new Set(keys.map((key) => key.name)));
  const deriver = info.deriver === undefined ? {} : { deriver: info.deriver };
  const ca = info.ca === undefined ? {} : { ca: info.ca };

  const complete = { ...required, ...deriver, ...ca, signatures: [...fresh, ...stored] };
  const text = tryFormat(complete);
  if (text !== undefined) return text;

  const isWellFormed = (optional: Optional): boolean => tryFormat({ ...required, ...optional }) !== undefined;
  return formatNarInfo({
    ...required,
    ...(isWellFormed(deriver) ? deriver : {}),
    ...(isWellFormed(ca) ? ca : {}),
    signatures: [...fresh, ...stored],
  });
}

function describeNar(info: PathInfo, storeDir: string): NarInfo {
  const { hashPart } = parseStorePath(info.path, { storeDir });
  const narHash = formatHash(parseHash(info.narHash));
  return {
    storePath: info.path,
    url: formatNarUrl({ hashPart, narHash: narHash.replace("sha256:", "") }),
    compression: "none",
    fileHash: narHash,
    fileSize: info.narSize,
    narHash,
    narSize: info.narSize,
    references: info.references,
    signatures: [],
  };
}

/** A name, and 64 bytes in base64; Nix 2.34 and newer refuse a narinfo with any other. */
const SIGNATURE = /^([^\s:]+):[A-Za-z0-9+/]{86}==$/;

/** Keeps the first well-formed signature of each key name that is not among `names`. */
function withoutNames(signatures: readonly string[], names: ReadonlySet<string>): string[] {
  const seen = new Set(names);
  return signatures.filter((signature) => {
    const name = SIGNATURE.exec(signature)?.[1];
    if (name === undefined || seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}

function tryFormat(info: NarInfo): string | undefined {
  try {
    return formatNarInfo(info);
  } catch (error) {
    if (error instanceof NarInfoError) return undefined;
    throw error;
  }
}
