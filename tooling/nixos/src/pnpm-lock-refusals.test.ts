import { readFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { MEMBER_DIR } from "./support/evaluate.ts";
import { readLockWithNix } from "./support/read-lock-with-nix.ts";

const LOCK = await readFile(`${MEMBER_DIR}/test/fixtures/peers/pnpm-lock.yaml`, "utf8");
const SLASH = /(slash@5\.1\.0:\n {4}resolution: )\{.*\}/;
const SHA512 = /\{(integrity: sha512-ZA6oR3T.*)\}/;

interface Refusal {
  readonly of: string;
  readonly text: string;
  readonly message: string;
}

const REFUSALS: readonly Refusal[] = [
  {
    of: "a package from a git repository",
    text: LOCK.replace(SLASH, "$1{commit: 1f0c5b1, repo: https://git.example.org/slash, type: git}"),
    message: "slash@5.1.0: expected a tarball of the registry, got a resolution with commit, repo, type",
  },
  {
    of: "a package in a directory",
    text: LOCK.replace(SLASH, "$1{directory: ../slash, type: directory}"),
    message: "slash@5.1.0: expected a tarball of the registry, got a resolution with directory, type",
  },
  {
    of: "a tarball without an integrity",
    text: LOCK.replace(SLASH, "$1{tarball: https://registry.example.org/slash-5.1.0.tgz}"),
    message: "slash@5.1.0: its resolution has no integrity",
  },
  {
    of: "a sha1",
    text: LOCK.replace(SHA512, "{integrity: sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=}"),
    message: "slash@5.1.0: expected a sha512 integrity, got sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
  },
  {
    of: "a sha512 beside another hash",
    text: LOCK.replace(SHA512, "{$1 sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=}"),
    message: "slash@5.1.0: expected a sha512 integrity, got sha512-",
  },
  {
    of: "a dependency at an address",
    text: LOCK.replace(
      "version: 5.1.0",
      "version: https://codeload.github.com/sindresorhus/slash/tar.gz/1f0c5b1",
    ),
    message: "slash: expected a version of the registry, got https://codeload.github.com/sindresorhus/slash/",
  },
  {
    of: "a dependency in a file",
    text: LOCK.replace("version: 5.1.0", "version: file:slash-5.1.0.tgz"),
    message: "slash: expected a version of the registry, got file:slash-5.1.0.tgz",
  },
  {
    of: "a version that the lockfile does not describe",
    text: LOCK.replace("version: 5.1.0", "version: 5.1.1"),
    message: "expected a snapshot slash@5.1.1",
  },
  {
    of: "a patch",
    text: LOCK.replace("\nimporters:\n\n  .: {}", "\npatchedDependencies:\n  slash@5.1.0: c15576\n$&"),
    message: "nothing here handles patchedDependencies",
  },
  {
    of: "a patch that only a key tells of",
    text: LOCK.replace("version: 5.1.0", "version: 5.1.0(patch_hash=c15576)").replace(
      "slash@5.1.0: {}",
      "slash@5.1.0(patch_hash=c15576): {}",
    ),
    message: "slash@5.1.0(patch_hash=c15576): nothing here applies a patch",
  },
  {
    of: "a link that leads out of the workspace",
    text: LOCK.replace("link:../../packages/words", "link:../../../words"),
    message: "apps/site: expected a link to a member of the workspace, got link:../../../words",
  },
  {
    of: "a link to what is no member",
    text: LOCK.replace("link:../../packages/words", "link:../../packages/letters"),
    message: "expected an importer packages/letters",
  },
  {
    of: "another version of the format",
    text: LOCK.replaceAll("lockfileVersion: '9.0'", "lockfileVersion: '10.0'"),
    message: "expected lockfileVersion 9.0, got 10.0",
  },
  { of: "what is no lockfile", text: "name: site\n", message: "expected lockfileVersion 9.0, got none" },
  { of: "nothing", text: "", message: "expected lockfileVersion 9.0, got none" },
  {
    of: "three documents",
    text: `---\nlockfileVersion: '9.0'\n\n${LOCK}`,
    message: "expected the lockfile alone, or one document before it",
  },
  {
    of: "carriage returns",
    text: LOCK.replaceAll("\n", "\r\n"),
    message: "expected lines that end with a line feed alone",
  },
  {
    of: "a conflict of git",
    text: LOCK.replace("  packages/words:", "<<<<<<< HEAD\n$&"),
    message: "expected a key, got: <<<<<<< HEAD",
  },
];

describe("pnpm-lock, the reader in Nix", () => {
  it.each(REFUSALS)("refuses $of", async ({ text, message }) => {
    expect(text).not.toBe(LOCK);

    const reading = readLockWithNix(text, { roots: ["apps/site"] });

    await expect(reading).rejects.toThrow(message);
  });

  it("refuses a root that the lockfile does not know", async () => {
    await expect(readLockWithNix(LOCK, { roots: ["apps/shop"] })).rejects.toThrow(
      "expected an importer apps/shop",
    );
  });
});
