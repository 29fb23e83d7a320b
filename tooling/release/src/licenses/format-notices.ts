import type { Notice } from "./read-license.ts";

const RULE = "-".repeat(80);

/** Formats the notices of a bundle as one text, sorted by name and version. */
export function formatNotices(app: string, notices: readonly Notice[]): string {
  const sorted = notices.toSorted((a, b) => compare(a.name, b.name) || compare(a.version, b.version));
  return [
    `${app} contains code of the packages below, each with its licence.\n`,
    ...sorted.map(({ name, version, license, texts }) =>
      [RULE, `${name} ${version}`, `License: ${license}`, "", ...texts.map(tidy)].join("\n"),
    ),
  ].join("\n");
}

/** Lists the packages of such a text, as `name version`. */
export function listNotices(text: string): readonly string[] {
  return [...text.matchAll(/^-{80}\n(\S+ \S+)\nLicense: /gm)].map(([, title = ""]) => title);
}

/** Byte order, which no locale changes. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The same words with the same line ends for every package. */
function tidy(text: string): string {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  return `${lines
    .map((line) => line.trimEnd())
    .join("\n")
    .replaceAll(/^\n+|\n+$/g, "")}\n`;
}
