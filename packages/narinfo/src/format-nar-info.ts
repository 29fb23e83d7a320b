import { parseCompression } from "./compression.ts";
import { normalizeContentAddress } from "./content-address.ts";
import { NarInfoError } from "./errors.ts";
import { formatHash, normalizeNarHash, parseHash } from "./hash.ts";
import type { NarInfo } from "./nar-info.ts";
import { checkedSignature } from "./signature.ts";
import { assertNarSize, assertSize } from "./size.ts";
import { sortedSet } from "./sorted-set.ts";
import { checkedStorePath, storeDirOf } from "./store-path.ts";
import { assertString, excerpt } from "./text.ts";

/**
 * Writes a narinfo, byte for byte as Nix does: hashes in nix base 32, references and signatures sorted.
 *
 * @returns the file's text, which parseNarInfo and every version of Nix read back as the same
 * @throws {NarInfoError} the code of the field that cannot be written so
 * @example
 * await writeFile(`${hashPart}.narinfo`, formatNarInfo(info));
 * @see NarInfo::to_string in Nix's src/libstore/nar-info.cc
 */
export function formatNarInfo(info: NarInfo): string {
  const { fileHash, fileSize = 0, narSize, deriver, ca } = info;
  const storeDir = storeDirOf(info.storePath);
  const baseName = (path: string): string => checkedStorePath(path, storeDir).slice(storeDir.length + 1);
  assertSize(fileSize);
  assertNarSize(narSize);

  return [
    line("StorePath", checkedStorePath(info.storePath, storeDir)),
    line("URL", checkedUrl(info.url)),
    line("Compression", parseCompression(info.compression)),
    fileHash === undefined ? "" : line("FileHash", formatHash(parseHash(fileHash))),
    fileSize === 0 ? "" : line("FileSize", fileSize),
    line("NarHash", normalizeNarHash(info.narHash)),
    line("NarSize", narSize),
    line("References", sortedSet(info.references.map(baseName)).join(" ")),
    deriver === undefined ? "" : line("Deriver", baseName(deriver)),
    ...sortedSet(info.signatures).map((signature) => line("Sig", checkedSignature(signature))),
    ca === undefined ? "" : line("CA", normalizeContentAddress(ca)),
  ].join("");
}

/** The space stays also before an empty value, or Nix would take the line that follows for the value. */
function line(key: string, value: string | number): string {
  return `${key}: ${value}\n`;
}

function checkedUrl(url: string): string {
  assertString(url, "url");
  if (url === "" || url.includes("\n")) {
    throw new NarInfoError("ERR_NARINFO_URL", `expected a URL on one line, got ${excerpt(url)}`);
  }
  return url;
}
