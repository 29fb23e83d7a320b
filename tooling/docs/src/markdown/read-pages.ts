import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";

import { execa } from "execa";
import { lexer, type TokensList } from "marked";

import { ROOT } from "../places.ts";

/** A page in Markdown. */
export interface MarkdownPage {
  /** Path in the checkout. */
  readonly file: string;
  readonly text: string;
  readonly tokens: TokensList;
}

/** Reads every page of the checkout, those that are not committed yet included. */
export async function readPages(): Promise<readonly MarkdownPage[]> {
  const { stdout } = await execa("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
    cwd: ROOT,
  });
  const files = stdout.split("\n").filter((file) => existsSync(`${ROOT}/${file}`));
  return Promise.all(files.map(readPage));
}

/**
 * Reads a page.
 *
 * @param file path in the checkout
 */
export async function readPage(file: string): Promise<MarkdownPage> {
  const text = await readFile(`${ROOT}/${file}`, "utf8");
  return { file, text, tokens: lexer(text) };
}

/**
 * Takes one section out of a page.
 *
 * @param heading text of its heading, of the second level
 */
export function takeSection({ file, text }: MarkdownPage, heading: string): MarkdownPage {
  const start = `\n## ${heading}\n`;
  const from = text.indexOf(start);
  if (from === -1) throw new Error(`expected the heading ${heading} in ${file}`);
  const to = text.indexOf("\n## ", from + start.length);
  const section = text.slice(from, to === -1 ? undefined : to);
  return { file, text: section, tokens: lexer(section) };
}
