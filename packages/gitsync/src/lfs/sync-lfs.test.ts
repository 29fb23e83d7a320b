import { chmodSync, existsSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { beforeAll, describe, expect, it } from "vitest";

import { findCommand, installCommand } from "../../test/commands.ts";
import {
  ATTRIBUTES,
  createLfsUpstream,
  inspectLfs,
  inspectLfsClone,
  listLfsObjects,
  makeContents,
  makeLfsEnvironment,
  makeLfsOptions,
} from "../../test/lfs.ts";
import {
  commitAll,
  createUpstream,
  environment,
  giveAway,
  makeTempDir,
  runGitWith,
  takeBack,
  writeFiles,
} from "../../test/repository.ts";
import { syncRepository } from "../index.ts";

let env: Record<string, string> = {};
beforeAll(async () => {
  env = await makeLfsEnvironment();
});

describe("syncRepository with lfs", () => {
  it("writes the contents, and what the real git-lfs has nothing to say about", async () => {
    const files = {
      "large.bin": makeContents("large"),
      "copy.bin": makeContents("large"),
      "empty.bin": "",
      "dir/ümlaut name.bin": makeContents("ü", 100),
      "small.txt": "small\n",
    };
    const upstream = createLfsUpstream(env, files);
    const options = makeLfsOptions(env, upstream);

    const { updated } = await syncRepository(options);

    expect(updated).toBe(true);
    expect(readFileSync(join(options.directory, "large.bin"), "utf8")).toBe(files["large.bin"]);
    expect(inspectLfs(env, options.directory)).toStrictEqual(inspectLfsClone(env, upstream));
  });

  it("configures git as git lfs install does, without hooks", async () => {
    const upstream = createLfsUpstream(env);
    const options = makeLfsOptions(env, upstream);
    const read = (directory: string): readonly string[] =>
      runGitWith(env, directory, "config", "--local", "--get-regexp", "lfs").split("\n").toSorted();

    await syncRepository(options);

    expect(read(options.directory)).toStrictEqual(read(upstream));
    expect(existsSync(join(options.directory, ".git/hooks"))).toBe(false);
  });

  it("follows files that change, come, go, move and get an x bit, and keeps no old contents", async () => {
    const upstream = createLfsUpstream(env, {
      "changed.bin": makeContents("old"),
      "gone.bin": makeContents("gone"),
      "moved.bin": makeContents("moved"),
      "run.bin": makeContents("run"),
    });
    const options = makeLfsOptions(env, upstream);
    await syncRepository(options);
    rmSync(join(upstream, "gone.bin"));
    runGitWith(env, upstream, "mv", "moved.bin", "elsewhere.bin");
    chmodSync(join(upstream, "run.bin"), 0o755);
    writeFiles(upstream, { "changed.bin": makeContents("new"), "new/came.bin": makeContents("came") });
    commitAll(upstream, env);

    await syncRepository(options);

    expect(inspectLfs(env, options.directory)).toStrictEqual(inspectLfsClone(env, upstream));
    expect(listLfsObjects(options.directory)).toHaveLength(4);
  });

  it("follows a file that becomes Git LFS's, and one that is no more", async () => {
    const upstream = createLfsUpstream(env, { "a.bin": makeContents("a"), "b.txt": makeContents("b") });
    const options = makeLfsOptions(env, upstream);
    await syncRepository(options);
    const attributes = "*.txt filter=lfs diff=lfs merge=lfs -text\n";
    writeFiles(upstream, { ".gitattributes": attributes, "c.bin": makeContents("c") });
    runGitWith(env, upstream, "rm", "--quiet", "--cached", "-r", ".");
    commitAll(upstream, env);

    await syncRepository(options);

    expect(runGitWith(env, options.directory, "lfs", "ls-files", "--name-only")).toBe("b.txt");
    expect(inspectLfs(env, options.directory)).toStrictEqual(inspectLfsClone(env, upstream));
  });

  it("reads the attributes of directories, of patterns and of macros as git does", async () => {
    const large = makeContents("large", 50);
    const upstream = createLfsUpstream(env, {
      ".gitattributes": `${ATTRIBUTES}[attr]big filter=lfs -text\ndata/** big\n/data/text/*.md -filter\n`,
      "a.bin": `a${large}`,
      "data/deep/b.dat": `b${large}`,
      "data/text/c.md": `c${large}`,
      "off/.gitattributes": "*.bin !filter\n",
      "off/d.bin": `d${large}`,
      "off/on/.gitattributes": "[Ee]* filter=lfs\n",
      "off/on/E.txt": `e${large}`,
    });
    const options = makeLfsOptions(env, upstream);

    await syncRepository(options);

    const listed = runGitWith(env, options.directory, "lfs", "ls-files", "--name-only").split("\n");
    expect(listed.toSorted()).toStrictEqual(["a.bin", "data/deep/b.dat", "off/on/E.txt"]);
    expect(inspectLfs(env, options.directory)).toStrictEqual(inspectLfsClone(env, upstream));
  });

  it("counts no attributes but the repository's own", async () => {
    const upstream = createLfsUpstream(env, { "a.bin": makeContents("a"), "b.bin": makeContents("b") });
    writeFiles(upstream, { "pointer.txt": `${runGitWith(env, upstream, "show", "HEAD:b.bin")}\n` });
    commitAll(upstream, env);
    const home = makeTempDir();
    writeFiles(home, {
      "git/attributes": "*.txt filter=lfs\n",
      ".gitconfig": "[lfs]\n\turl = http://127.0.0.1:1\n",
    });
    const user = { HOME: home, XDG_CONFIG_HOME: home };
    const options = { ...makeLfsOptions(env, upstream), env: { ...env, ...user } };
    await syncRepository(options);
    writeFiles(join(options.directory, ".git"), { "info/attributes": "*.bin -filter\n" });
    writeFiles(upstream, { "a.bin": makeContents("newer") });
    commitAll(upstream, env);

    await syncRepository(options);

    expect(inspectLfs(env, options.directory)).toStrictEqual(inspectLfsClone(env, upstream));
  });

  it("takes the contents of a local repository that belongs to somebody else", async () => {
    const upstream = createLfsUpstream(env);
    // The hook of git's own tests: to git, every repository belongs to somebody else. As root, it really does.
    const wrapper = installCommand(
      "git",
      `GIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec ${findCommand("git")} "$@"`,
    );
    const path = `${wrapper["LOG_DIR"]}:${env["PATH"]}`;
    const options = makeLfsOptions({ ...wrapper, PATH: path }, upstream);
    giveAway(upstream);

    await syncRepository(options);

    takeBack(upstream);

    expect(inspectLfs(env, options.directory)).toStrictEqual(inspectLfsClone(env, upstream));
  });

  it("asks for nothing that it has", async () => {
    const upstream = createLfsUpstream(env);
    const options = makeLfsOptions(env, upstream);
    await syncRepository(options);
    rmSync(join(upstream, ".git/lfs"), { recursive: true });
    rmSync(join(options.directory, "large.bin"));

    const { updated } = await syncRepository({ ...options, env: environment });

    expect(updated).toBe(false);
    expect(readFileSync(join(options.directory, "large.bin"), "utf8")).toBe(makeContents("first"));
  });

  it("leaves what is no pointer as it is, and a pointer that no attribute names", async () => {
    const upstream = createUpstream({ ".gitattributes": ATTRIBUTES, "raw.bin": "raw\n" });
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"1".repeat(64)}\nsize 5\n`;
    writeFiles(upstream, { "notes.txt": pointer });
    symlinkSync("raw.bin", join(upstream, "link.bin"));
    commitAll(upstream);
    const options = makeLfsOptions(env, upstream);

    await syncRepository(options);

    expect(readFileSync(join(options.directory, "raw.bin"), "utf8")).toBe("raw\n");
    expect(readFileSync(join(options.directory, "notes.txt"), "utf8")).toBe(pointer);
  });

  it("needs no git-lfs where no file is Git LFS's", async () => {
    const options = { ...makeLfsOptions(env, createUpstream()), env: environment };

    await syncRepository(options);

    expect(existsSync(join(options.directory, "flake.nix"))).toBe(true);
  });

  it.each(["isomorphic", "git"] as const)("once it is off, writes pointers, by %s", async (engine) => {
    const upstream = createLfsUpstream(env);
    const options = makeLfsOptions(env, upstream);
    await syncRepository(options);

    await syncRepository({ ...options, engine, lfs: false });

    expect(readFileSync(join(options.directory, "large.bin"), "utf8")).toMatch(/^version https:/);
    expect(existsSync(join(options.directory, ".git/lfs"))).toBe(false);
    expect(runGitWith(environment, options.directory, "status", "--porcelain")).toBe("");
    await syncRepository(options);
    expect(inspectLfs(env, options.directory)).toStrictEqual(inspectLfsClone(env, upstream));
  });

  it("refuses isomorphic-git, which has none", async () => {
    const options = makeLfsOptions(env, "/nowhere");

    await expect(syncRepository({ ...options, engine: "isomorphic" })).rejects.toThrow(
      /engine "git" beside lfs/,
    );
    await expect(syncRepository({ ...options, engine: "isomorphic" })).rejects.toThrow(TypeError);
  });
});
