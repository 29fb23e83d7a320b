import { NarError } from "./error.ts";

// A web standard that every runtime has; declared here because the core is checked without Node's and the DOM's types.
declare const TextDecoder: new (
  label: "utf-8",
  options: { readonly fatal: true; readonly ignoreBOM: true },
) => { decode(bytes: Uint8Array): string };

/**
 * Decodes UTF-8, keeping a byte order mark.
 * @throws NarError ERR_NAR_NOT_UTF8
 */
export function decodeUtf8(bytes: Uint8Array, what: string, offset: number): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new NarError("ERR_NAR_NOT_UTF8", `expected a ${what} in UTF-8 before ${offset}`, { offset, cause });
  }
}
