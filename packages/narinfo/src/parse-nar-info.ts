import { DEFAULT_COMPRESSION, parseCompression } from "./compression.ts";
import { normalizeContentAddress } from "./content-address.ts";
import { NarInfoError } from "./errors.ts";
import { formatHash, normalizeNarHash, parseHash } from "./hash.ts";
import { type NarInfoLine, readLines } from "./nar-info-lines.ts";
import type { NarInfo } from "./nar-info.ts";
import { checkedSignature } from "./signature.ts";
import { assertNarSize, parseSize } from "./size.ts";
import { sortedSet } from "./sorted-set.ts";
import { checkedBaseName, checkedStoreDir, checkedStorePath, type StoreDirOptions } from "./store-path.ts";
import { assertString } from "./text.ts";

/** A narinfo in the making: what the lines so far have said. */
type Draft = { -readonly [Key in keyof NarInfo]?: NarInfo[Key] };

/**
 * Reads a narinfo. Accepts what every version of Nix accepts and refuses what any of them refuses, with the
 * exceptions that the README lists.
 *
 * @param text the file's text, decoded from UTF-8
 * @param options the store directory that its StorePath must be in
 * @returns hashes and content address in nix base 32, references and signatures sorted, paths full
 * @throws {NarInfoError} any code but ERR_NARINFO_KEY, ERR_NARINFO_BASE32 and ERR_NARINFO_CACHE_INFO; `field`
 *   and `line` say where
 * @example
 * const info = parseNarInfo(await (await fetch(`${cache}/${hashPart}.narinfo`)).text());
 * @see NarInfo::NarInfo in Nix's src/libstore/nar-info.cc
 */
export function parseNarInfo(text: string, options: StoreDirOptions = {}): NarInfo {
  assertString(text, "text");
  const storeDir = checkedStoreDir(options);

  const draft: Draft = {};
  const signatures = new Set<string>();
  for (const line of readLines(text)) {
    try {
      if (line.key === "Sig") signatures.add(checkedSignature(line.value));
      else readField(draft, line, storeDir);
    } catch (error) {
      throw located(error, line);
    }
  }
  return finish(draft, signatures);
}

function readField(draft: Draft, { key, value }: NarInfoLine, storeDir: string): void {
  switch (key) {
    case "StorePath":
      draft.storePath = checkedStorePath(value, storeDir);
      break;
    case "URL":
      draft.url = value;
      break;
    case "Compression":
      draft.compression = value === "" ? DEFAULT_COMPRESSION : parseCompression(value);
      break;
    case "FileHash":
      draft.fileHash = formatHash(parseHash(value));
      break;
    case "FileSize":
      draft.fileSize = parseSize(value);
      break;
    case "NarHash":
      draft.narHash = normalizeNarHash(value);
      break;
    case "NarSize":
      draft.narSize = parseSize(value);
      break;
    case "References":
      if (draft.references?.length) throw duplicate(key);
      draft.references = parseReferences(value, storeDir);
      break;
    case "Deriver":
      if (value !== "unknown-deriver") draft.deriver = `${storeDir}/${checkedBaseName(value)}`;
      break;
    case "CA":
      if (draft.ca !== undefined) throw duplicate(key);
      if (value !== "") draft.ca = normalizeContentAddress(value);
      break;
    default: // Nix skips keys it does not know, comments among them.
  }
}

function finish(draft: Draft, signatures: ReadonlySet<string>): NarInfo {
  const { storePath, url, narHash, narSize, fileSize, ...rest } = draft;
  if (storePath === undefined) throw missing("StorePath");
  if (narHash === undefined) throw missing("NarHash");
  if (url === undefined || url === "") throw missing("URL");
  if (narSize === undefined) throw missing("NarSize");
  assertNarSize(narSize);
  return {
    compression: DEFAULT_COMPRESSION,
    references: [],
    ...rest,
    // Nix writes 0 for a size it does not know.
    ...(fileSize ? { fileSize } : {}),
    storePath,
    url,
    narHash,
    narSize,
    signatures: sortedSet(signatures),
  };
}

function parseReferences(value: string, storeDir: string): string[] {
  const baseNames = value.split(" ").filter((baseName) => baseName !== "");
  return sortedSet(baseNames.map((baseName) => `${storeDir}/${checkedBaseName(baseName)}`));
}

function located(error: unknown, line: NarInfoLine): unknown {
  if (!(error instanceof NarInfoError)) return error;
  const message = `${error.message} (${line.key}, line ${line.number})`;
  return new NarInfoError(error.code, message, { field: line.key, line: line.number, cause: error });
}

function duplicate(field: string): NarInfoError {
  return new NarInfoError("ERR_NARINFO_DUPLICATE", `expected one line of ${field}, got another`);
}

function missing(field: string): NarInfoError {
  return new NarInfoError("ERR_NARINFO_MISSING", `expected a line of ${field}, got none`, { field });
}
