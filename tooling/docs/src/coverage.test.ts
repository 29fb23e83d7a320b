import { CHECKS } from "@nix-cache/builder/manual";
import { describe, expect, it } from "vitest";

import { createBuilder, createServer } from "./manual/manual-pages.ts";
import { listAnchors } from "./markdown/list-links.ts";
import { type MarkdownPage, readPages } from "./markdown/read-pages.ts";

const pages = await readPages();
const builder = createBuilder();
const commands = builder.createHelp().visibleCommands(builder);

describe("docs/troubleshooting.md", () => {
  const anchors = listAnchors(pageOf("docs/troubleshooting.md"));

  it.each(CHECKS)("has an entry for what doctor finds about $name", ({ name }) => {
    expect([...anchors]).toContain(`doctor-${name}`);
  });
});

describe("apps/builder/README.md", () => {
  const { text } = pageOf("apps/builder/README.md");
  const table = text.slice(
    text.indexOf("\n## Commands"),
    text.indexOf("\n## ", text.indexOf("\n## Commands") + 1),
  );

  it.each(commands.filter((command) => command.name() !== "help").map((command) => command.name()))(
    "says what %s does",
    (name) => {
      expect(table).toMatch(new RegExp(`\`${name}[ \`]`));
    },
  );
});

describe("the pages for users", () => {
  const text = pages
    .filter(({ file }) => /^(?:README\.md|docs\/|apps\/\w+(?:-\w+)*\/README\.md)/.test(file))
    .map((page) => page.text)
    .join("\n");
  const flags = [...commands, createServer()].flatMap(({ options }) => options.map(({ long }) => long ?? ""));

  // Every program has that one.
  it.each([...new Set(flags)].filter((flag) => flag !== "--version"))("have something about %s", (flag) => {
    expect(text).toMatch(new RegExp(`${flag}\\b`));
  });
});

function pageOf(file: string): MarkdownPage {
  const page = pages.find((one) => one.file === file);
  if (page === undefined) throw new Error(`expected the page ${file}`);
  return page;
}
