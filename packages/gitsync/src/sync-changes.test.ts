import { chmodSync, mkdirSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { ENGINES, optionsFor } from "../test/engines.ts";
import {
  commitAll,
  createUpstream,
  inspectCheckout,
  inspectUpstream,
  runGit,
  writeFiles,
} from "../test/repository.ts";
import { syncRepository } from "./index.ts";

type Change = (directory: string) => void;

const START = {
  "file.txt": "file\n",
  "dir/a.txt": "a\n",
  "dir/b/c.txt": "c\n",
  "script.sh": "#!/bin/sh\n",
};

function addSubmodule(directory: string, path: string): void {
  const oid = "1234567890123456789012345678901234567890";
  runGit(directory, "update-index", "--add", "--cacheinfo", `160000,${oid},${path}`);
  mkdirSync(join(directory, path), { recursive: true });
}

function replaceByLink(directory: string, path: string, target: string): void {
  rmSync(join(directory, path), { recursive: true, force: true });
  symlinkSync(target, join(directory, path));
}

const CHANGES: readonly (readonly [name: string, change: Change])[] = [
  ["an edit", (dir) => writeFiles(dir, { "file.txt": "edited\n" })],
  ["an edit of the same size", (dir) => writeFiles(dir, { "file.txt": "FILE\n" })],
  ["a deletion", (dir) => rmSync(join(dir, "dir/a.txt"))],
  ["the deletion of a directory", (dir) => rmSync(join(dir, "dir"), { recursive: true })],
  ["the deletion of everything", (dir) => runGit(dir, "rm", "--quiet", "-r", ".")],
  ["a new x bit", (dir) => chmodSync(join(dir, "script.sh"), 0o755)],
  ["an empty file", (dir) => writeFiles(dir, { empty: "" })],
  ["a new symlink", (dir) => symlinkSync("file.txt", join(dir, "link"))],
  ["a dangling symlink", (dir) => symlinkSync("/nowhere/at all", join(dir, "dangling"))],
  ["a file that becomes a symlink", (dir) => replaceByLink(dir, "file.txt", "dir")],
  ["a directory that becomes a symlink", (dir) => replaceByLink(dir, "dir", "file.txt")],
  [
    "a file that becomes a directory",
    (dir) => {
      rmSync(join(dir, "file.txt"));
      writeFiles(dir, { "file.txt/inside": "inside\n" });
    },
  ],
  [
    "a directory that becomes a file",
    (dir) => {
      rmSync(join(dir, "dir"), { recursive: true });
      writeFiles(dir, { dir: "now a file\n" });
    },
  ],
  [
    "names in many scripts",
    (dir) => {
      writeFiles(dir, {
        "ünï/Ωmega": "1",
        "nfd-u\u0308": "2",
        "nfd-\u00FC": "3",
        "emoji 😀": "4",
        "\uFF5E": "5",
      });
    },
  ],
  [
    "names with control characters, quotes and backslashes",
    (dir) => {
      writeFiles(dir, {
        "new\nline": "1",
        "tab\there": "2",
        "'q\"": "3",
        "back\\slash": "4",
        " lead": "5",
        "-x": "6",
      });
    },
  ],
  [
    "names in the order of git's index",
    (dir) => {
      writeFiles(dir, { "a.b": "1", "a/b": "2", a0: "3", "a-b/c": "4", "a/b.c/d": "5" });
    },
  ],
  [
    "files that its own .gitignore ignores",
    (dir) => {
      writeFiles(dir, { ".gitignore": "*.log\nbuild/\n", "kept.log": "1", "build/kept": "2" });
    },
  ],
  [
    "line endings and attributes",
    (dir) => {
      writeFiles(dir, { ".gitattributes": "*.txt text\n*.bat eol=crlf\n", "run.bat": "one\ntwo\n" });
    },
  ],
  ["a deep path", (dir) => writeFiles(dir, { [`${"d/".repeat(60)}leaf`]: "deep\n" })],
  ["names as long as they can be", (dir) => writeFiles(dir, { ["n".repeat(255)]: "long\n" })],
  [
    "large and binary contents",
    (dir) => writeFileSync(join(dir, "big.bin"), Buffer.alloc(3_000_000, "\0\r\n\u00FF")),
  ],
];

describe.each(ENGINES)("syncRepository by %s, when the remote has", (engine) => {
  const makeOptions = optionsFor(engine);

  it.each(CHANGES)("%s", async (_name, change) => {
    const upstream = createUpstream(START);
    symlinkSync("file.txt", join(upstream, "old-link"));
    commitAll(upstream);
    const options = makeOptions(upstream);
    const fresh = makeOptions(upstream);
    await syncRepository(options);
    change(upstream);
    commitAll(upstream);

    await syncRepository(options);
    await syncRepository(fresh);

    const expected = inspectUpstream(upstream);
    expect(inspectCheckout(options.directory)).toStrictEqual(expected);
    expect(inspectCheckout(fresh.directory)).toStrictEqual(expected);
    runGit(upstream, "reset", "--quiet", "--hard", "HEAD~1");
    await syncRepository(options);
    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });

  it("a retargeted symlink", async () => {
    const upstream = createUpstream();
    symlinkSync("flake.nix", join(upstream, "link"));
    commitAll(upstream);
    const options = makeOptions(upstream);
    await syncRepository(options);
    replaceByLink(upstream, "link", "elsewhere");
    commitAll(upstream);

    await syncRepository(options);

    expect(readlinkSync(join(options.directory, "link"))).toBe("elsewhere");
    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });

  it("a submodule, which stays an empty directory, and later a file in its place", async () => {
    const upstream = createUpstream();
    addSubmodule(upstream, "sub/module");
    runGit(upstream, "commit", "--quiet", "--message", "submodule");
    const options = makeOptions(upstream);

    await syncRepository(options);

    expect(statSync(join(options.directory, "sub/module")).isDirectory()).toBe(true);
    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
    runGit(upstream, "rm", "--quiet", "--cached", "sub/module");
    rmSync(join(upstream, "sub"), { recursive: true });
    writeFiles(upstream, { "sub/module": "a file\n" });
    commitAll(upstream);
    await syncRepository(options);
    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });

  it("file names that are not UTF-8", async () => {
    const upstream = createUpstream();
    const name = Buffer.from("latin1-\u00FC", "latin1");
    writeFileSync(Buffer.concat([Buffer.from(`${upstream}/`), name]), "bytes\n");
    commitAll(upstream);
    const options = makeOptions(upstream);

    await syncRepository(options);

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });

  it("annotated tags, nested ones too", async () => {
    const upstream = createUpstream();
    runGit(upstream, "tag", "--annotate", "--message", "one", "v1");
    runGit(upstream, "tag", "--annotate", "--message", "two", "v1-again", "v1");
    const options = makeOptions(upstream);

    await syncRepository(options);

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });

  it.each([
    ["detached", ["checkout", "--quiet", "--detach"]],
    ["pointing nowhere", ["symbolic-ref", "HEAD", "refs/heads/nowhere"]],
  ])("a HEAD that is %s", async (_name, command) => {
    const upstream = createUpstream();
    runGit(upstream, ...command);
    const options = makeOptions(upstream);

    await syncRepository(options);

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });

  it("merges and thousands of refs", async () => {
    const upstream = createUpstream();
    runGit(upstream, "checkout", "--quiet", "-b", "side");
    writeFiles(upstream, { "side.txt": "side\n" });
    const side = commitAll(upstream);
    runGit(upstream, "checkout", "--quiet", "main");
    runGit(upstream, "merge", "--quiet", "--no-ff", "--message", "merge", "side");
    const lines = Array.from({ length: 3000 }, (_, index) => `${side} refs/pull/${index}/head\n`);
    writeFileSync(join(upstream, ".git/packed-refs"), lines.toSorted().join(""));
    const options = makeOptions(upstream);

    await syncRepository(options);

    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
  });
});
