import { readdir, readFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { listPublished } from "./support/members.ts";
import { ROOT } from "./support/places.ts";

const NAMES = new Set((await listPublished()).map(({ manifest }) => manifest.name));

interface PendingChangeset {
  readonly file: string;
  readonly releases: Readonly<Record<string, string>>;
  readonly text: string;
}

async function readPending(): Promise<readonly PendingChangeset[]> {
  const files = (await readdir(`${ROOT}/.changeset`)).filter((name) => /^(?!README).*\.md$/.test(name));
  return Promise.all(
    files.map(async (file) => {
      const content = await readFile(`${ROOT}/.changeset/${file}`, "utf8");
      const [, matter = "", text = ""] = /^---\n([^]*?)^---\n([^]*)$/m.exec(content) ?? [];
      return { file, releases: parse(matter) ?? {}, text: text.trim() };
    }),
  );
}

/** Rules of .changeset/README.md that a machine can check. */
describe("the pending changesets", async () => {
  const pending = await readPending();

  it("release published packages by a minor or patch version, until there is a 1.0", () => {
    const wrong = pending.filter(({ releases }) =>
      Object.entries(releases).some(([name, type]) => !NAMES.has(name) || !["minor", "patch"].includes(type)),
    );

    expect(wrong).toEqual([]);
  });

  it("are whole sentences", () => {
    const wrong = pending.filter(({ text }) => !/^[A-Z`][^]*[.:!]$/.test(text));

    expect(wrong).toEqual([]);
  });

  it("name no commit", () => {
    const wrong = pending.filter(({ text }) => /\b(?=\w*\d)[0-9a-f]{7,40}\b/.test(text));

    expect(wrong).toEqual([]);
  });
});
