import { readFile } from "node:fs/promises";

import { NixError } from "./nix-error.ts";

/** Tokens by host, or by host and a path below it such as `github.com/org`. */
export type AccessTokens = ReadonlyMap<string, string>;

/**
 * Reads a file of forge tokens, as sops or agenix leave one: lines `access-tokens = HOST=TOKEN ...` or
 * `extra-access-tokens = ...` as in nix.conf, lines `HOST=TOKEN`, blank lines and comments.
 *
 * @throws NixError ERR_NIX_ACCESS_TOKENS with the file and the line, never with what is in it
 * @see https://nix.dev/manual/nix/latest/command-ref/conf-file#conf-access-tokens
 */
export async function readAccessTokens(file: string): Promise<AccessTokens> {
  let text;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    const message = `accessTokensFile ${file} cannot be read (${code}): check its path and its mode`;
    throw new NixError("ERR_NIX_ACCESS_TOKENS", message, { cause });
  }
  return parseAccessTokens(text, file);
}

/** Parses the text of such a file; `file` is for messages. */
export function parseAccessTokens(text: string, file: string): AccessTokens {
  const tokens = new Map<string, string>();
  for (const [index, line] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    for (const word of wordsOf(line)) {
      const [, host, token] = TOKEN.exec(word) ?? [];
      if (host === undefined || token === undefined) throw malformed(file, index + 1);
      tokens.set(host, token);
    }
  }
  return tokens;
}

/** Formats the value of the setting. */
export function formatAccessTokens(tokens: AccessTokens): string {
  return [...tokens].map(([host, token]) => `${host}=${token}`).join(" ");
}

/** What must not be seen of tokens: each whole, and without the `PAT:` or `OAuth2:` before it. */
export function secretsOf(tokens: AccessTokens): readonly string[] {
  const secrets = [...tokens.values()].flatMap((token) => [token, token.slice(token.indexOf(":") + 1)]);
  // Replacing something shorter would make nonsense of everything that is printed.
  return [...new Set(secrets)].filter((secret) => secret.length >= MIN_SECRET_LENGTH);
}

/** No forge issues shorter tokens. */
const MIN_SECRET_LENGTH = 8;

/** Printable ASCII but `#`, at which nix.conf starts a comment, and what JSON writes in another way. */
const TOKEN = /^([A-Za-z0-9][A-Za-z0-9.:_/-]*)=([!$-[\]-~]+)$/;

function wordsOf(line: string): readonly string[] {
  const [content = ""] = line.split("#", 1);
  const value = content.replace(/^\s*(extra-)?access-tokens\s*=(?=\s|$|\S+=)/, "");
  return value.split(/\s+/).filter((word) => word !== "");
}

function malformed(file: string, line: number): NixError {
  return new NixError(
    "ERR_NIX_ACCESS_TOKENS",
    `accessTokensFile ${file}, line ${line}: expected HOST=TOKEN words, with or without "access-tokens =" before them`,
  );
}
