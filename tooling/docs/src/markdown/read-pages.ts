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
