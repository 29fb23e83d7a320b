import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

import { describe, expect, it } from "vitest";

import { listAnchors, listLinks } from "./markdown/list-links.ts";
import { type MarkdownPage, readPages } from "./markdown/read-pages.ts";
import { ROOT } from "./places.ts";

const pages = await readPages();

describe("the links", () => {
  it.each(pages)("of $file lead somewhere", (page) => {
    const broken = listLinks(page).filter((link) => !leadsSomewhere(page, link));

    expect(broken).toEqual([]);
  });

  it("are found at all", () => {
    const readme = pages.find(({ file }) => file === "README.md");

    expect(readme && listLinks(readme)).toContain("docs/configuration.md");
  });
});

function leadsSomewhere({ file }: MarkdownPage, link: string): boolean {
  if (/^[a-z]+:/.test(link)) return URL.canParse(link);
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? file : normalize(join(dirname(file), decodeURI(path)));
  if (target.startsWith("..") || !existsSync(`${ROOT}/${target}`)) return false;
  if (anchor === undefined) return true;
  const page = pages.find((other) => other.file === target);
  return page !== undefined && listAnchors(page).has(anchor);
}
