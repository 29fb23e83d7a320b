import GithubSlugger from "github-slugger";
import { type Token, walkTokens } from "marked";

import type { MarkdownPage } from "./read-pages.ts";

/** Lists the addresses of links and pictures in a page. */
export function listLinks({ tokens }: MarkdownPage): readonly string[] {
  const links: string[] = [];
  void walkTokens(tokens, (token: Token) => {
    if (token.type === "link" || token.type === "image") links.push(String(token["href"]));
    if (token.type === "html") {
      for (const [, href = ""] of token.raw.matchAll(/\b(?:href|src)="([^"]*)"/g)) links.push(href);
    }
  });
  return links;
}

/** Lists the anchors that GitHub and Forgejo give to the headings of a page. */
export function listAnchors({ tokens }: MarkdownPage): ReadonlySet<string> {
  const slugger = new GithubSlugger();
  const headings = tokens.filter(({ type }) => type === "heading");
  return new Set(headings.map((heading) => slugger.slug(readText(heading))));
}

function readText(token: Token): string {
  const parts: string[] = [];
  void walkTokens([token], (part) => {
    const isLeaf = !("tokens" in part) || part.tokens === undefined;
    if (isLeaf && "text" in part) parts.push(unescapeHtml(String(part.text)));
  });
  return parts.join("");
}

function unescapeHtml(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}
