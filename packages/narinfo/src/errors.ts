/** Every reason for which this package refuses data. The README's table says when each is thrown. */
export type NarInfoErrorCode =
  | "ERR_NARINFO_SYNTAX"
  | "ERR_NARINFO_MISSING"
  | "ERR_NARINFO_DUPLICATE"
  | "ERR_NARINFO_URL"
  | "ERR_NARINFO_COMPRESSION"
  | "ERR_NARINFO_HASH"
  | "ERR_NARINFO_SIZE"
  | "ERR_NARINFO_STORE_PATH"
  | "ERR_NARINFO_CONTENT_ADDRESS"
  | "ERR_NARINFO_SIGNATURE"
  | "ERR_NARINFO_KEY"
  | "ERR_NARINFO_BASE32"
  | "ERR_NARINFO_CACHE_INFO";

/** Where in a text the refused value stood. */
interface NarInfoErrorOptions extends ErrorOptions {
  /** Key of the line, as in `NarSize`. */
  readonly field?: string;
  /** Number of the line, from 1. */
  readonly line?: number;
}

/**
 * Tells why a narinfo, store path, hash, key or nix-cache-info was refused.
 * Branch on `code`; the message is for people, quotes at most a short excerpt and never a key.
 *
 * @example
 * try {
 *   parseNarInfo("StorePath: nonsense\n");
 * } catch (error) {
 *   if (error instanceof NarInfoError) console.log(error.code, error.field, error.line);
 * }
 */
export class NarInfoError extends Error {
  override readonly name = "NarInfoError";
  readonly code: NarInfoErrorCode;
  readonly field: string | undefined;
  readonly line: number | undefined;

  constructor(code: NarInfoErrorCode, message: string, options: NarInfoErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.field = options.field;
    this.line = options.line;
  }
}
