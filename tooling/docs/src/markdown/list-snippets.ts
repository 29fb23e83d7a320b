import { type Token, walkTokens } from "marked";

import type { MarkdownPage } from "./read-pages.ts";

/** A piece of code in a page. */
export interface Snippet {
  /** File and line, as in `README.md:12`. */
  readonly place: string;
  /** What stands after the fence: `sh`, `toml partial`; empty for code within a line. */
  readonly language: string;
  readonly code: string;
}

/** Lists the blocks of code of a page that are in one language. */
export function listBlocks(page: MarkdownPage, language: string): readonly Snippet[] {
  return listCode(page, "code").filter((snippet) => snippet.language.split(" ")[0] === language);
}

/** Lists the code within the lines of a page. */
export function listInlineCode(page: MarkdownPage): readonly Snippet[] {
  return listCode(page, "codespan");
}

function listCode({ file, text, tokens }: MarkdownPage, type: "code" | "codespan"): readonly Snippet[] {
  const snippets: Snippet[] = [];
  let from = 0;
  void walkTokens(tokens, (token: Token) => {
    if (token.type !== type) return;
    // Within a list, the token has lost its indentation: the first line is found all the same.
    const [firstLine = ""] = token.raw.split("\n");
    from = Math.max(from, text.indexOf(firstLine, from));
    const line = text.slice(0, from).split("\n").length;
    from += firstLine.length;
    const language = "lang" in token ? String(token.lang ?? "") : "";
    snippets.push({ place: `${file}:${line}`, language, code: String(token.text) });
  });
  return snippets;
}
