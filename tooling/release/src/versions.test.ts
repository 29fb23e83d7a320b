import { readdir, readFile, writeFile } from "node:fs/promises";

import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { copyCheckout } from "./support/copy-checkout.ts";
import { listPublished, readManifest } from "./support/members.ts";
import { ROOT } from "./support/places.ts";

const PUBLISHED = await listPublished();

const CHANGESET = `---
"@nix-cache/nar": minor
---

\`listNar\` takes a signal.

To upgrade: nothing to do.
`;

/** Sets versions in a copy of the checkout to which somebody added a changeset for one library. */
async function setVersions(): Promise<string> {
  const copy = await copyCheckout();
  await writeFile(`${copy}/.changeset/added-by-test.md`, CHANGESET);
  await execa(`${ROOT}/node_modules/.bin/changeset`, ["version"], { cwd: copy });
  return copy;
}

/** The version after a change that is `minor`: 0.1.0 after 0.0.0. */
function nextMinor(version: string): string {
  const [major = "", minor = ""] = version.split(".");
  return `${major}.${Number(minor) + 1}.0`;
}

describe("changeset version", () => {
  it("gives every published package the same new version, and no other member one", async () => {
    const copy = await setVersions();

    const [first] = PUBLISHED;
    const next = nextMinor(first?.manifest.version ?? "");
    const versions = await Promise.all(
      PUBLISHED.map(async ({ directory }) => (await readManifest(`${copy}/${directory}`)).version),
    );
    expect(versions).toEqual(PUBLISHED.map(() => next));
    expect((await readManifest(`${copy}/tooling/release`)).version).toBe("0.0.0");
  });

  it("writes a CHANGELOG for each package that reads as it was written", async () => {
    const copy = await setVersions();

    const changelogs = await Promise.all(
      PUBLISHED.map(async ({ directory, manifest }) => ({
        title: `# ${manifest.name}\n`,
        text: await readFile(`${copy}/${directory}/CHANGELOG.md`, "utf8"),
      })),
    );
    expect(changelogs.filter(({ title, text }) => !text.startsWith(title))).toEqual([]);
    const nar = await readFile(`${copy}/packages/nar/CHANGELOG.md`, "utf8");
    expect(nar).toContain("- `listNar` takes a signal.\n\n  To upgrade: nothing to do.\n");
    // A commit's hash is what changesets' own generator puts before each entry.
    expect(nar).not.toMatch(/^- [0-9a-f]{7}: /m);
  });

  it("uses up the changesets", async () => {
    const copy = await setVersions();

    expect((await readdir(`${copy}/.changeset`)).toSorted()).toEqual(["README.md", "config.json"]);
  });

  it("leaves workspace ranges that become the new version in the package", async () => {
    const copy = await setVersions();
    const { version } = await readManifest(`${copy}/packages/narinfo`);
    const builder = `${copy}/apps/builder`;

    await execa("pnpm", ["pack", "--config.ignore-scripts=true", "--out", `${copy}/builder.tgz`], {
      cwd: builder,
    });

    const { stdout } = await execa("tar", ["xzOf", `${copy}/builder.tgz`, "package/package.json"]);
    expect(stdout).toContain(`"@nix-cache/narinfo": "${version}"`);
    expect(stdout).not.toMatch(/workspace:|catalog:/);
  });
});
