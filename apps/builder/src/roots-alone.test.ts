import { chmod, chown, mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import process from "node:process";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { isRootsAlone } from "./roots-alone.ts";

/** nobody of most systems. */
const OTHER = 65_534;

/** For others than root, all that they make is another's already. */
const isRoot = process.getuid?.() === 0;

let directory: string;

beforeEach(async () => {
  directory = await realpath(await mkdtemp(`${tmpdir()}/roots-`));
  await mkdir(`${directory}/etc`);
  await writeFile(`${directory}/etc/config`, "", { mode: 0o644 });
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function giveAway(path: string): Promise<void> {
  if (isRoot) await chown(path, OTHER, OTHER);
}

describe("isRootsAlone", () => {
  it("is no for a file in the directory of a user, root's or not", async () => {
    await giveAway(directory);

    expect(isRootsAlone(`${directory}/etc/config`)).toBe(false);
  });

  it("is no for a link of a user, whatever it leads to", async () => {
    await symlink("/etc/passwd", `${directory}/link`);
    await giveAway(directory);

    expect(isRootsAlone(`${directory}/link`)).toBe(false);
  });

  it("is yes for what only root can write to, by links of its own as well", () => {
    expect(isRootsAlone("/etc/passwd")).toBe(true);
    expect(isRootsAlone("/bin/sh")).toBe(true);
  });

  it.each(["/etc/../etc/passwd", "/bin/../etc/passwd"])(
    "is no for %s, which a link could lead elsewhere",
    (file) => {
      expect(isRootsAlone(file)).toBe(false);
    },
  );

  it("is yes below a directory that all may write to, where nobody can move what is root's", () => {
    expect(isRootsAlone(`${directory}/etc/config`)).toBe(isRoot);
  });

  it.each(["etc", "etc/config"])("is no where others can write to %s", async (path) => {
    await chmod(`${directory}/${path}`, 0o775);

    expect(isRootsAlone(`${directory}/etc/config`)).toBe(false);
  });

  it("follows a link from where its directory really is", async () => {
    await mkdir(`${directory}/a/real`, { recursive: true });
    await symlink("a/real", `${directory}/link`);
    await symlink("../config", `${directory}/a/real/config`);
    await writeFile(`${directory}/config`, "");
    await writeFile(`${directory}/a/config`, "", { mode: 0o644 });
    await giveAway(`${directory}/a/config`);

    expect(isRootsAlone(`${directory}/link/config`)).toBe(false);
  });

  it("is no where a link of root's leads to a directory of another", async () => {
    await mkdir(`${directory}/theirs`);
    await rename(`${directory}/etc/config`, `${directory}/theirs/config`);
    await giveAway(`${directory}/theirs`);
    await symlink("../theirs/config", `${directory}/etc/config`);

    expect(isRootsAlone(`${directory}/etc/config`)).toBe(false);
  });
});
