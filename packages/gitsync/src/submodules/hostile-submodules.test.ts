import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { serveGit } from "@nix-cache/tooling-parts";
import { describe, expect, it } from "vitest";

import { ENGINES } from "../../test/engines.ts";
import { startServer } from "../../test/http-server.ts";
import { commitAll, createUpstream, environment, makeTempDir, runGit } from "../../test/repository.ts";
import { addSubmodule, makeSubmoduleOptions } from "../../test/submodules.ts";
import { syncRepository } from "../index.ts";

/** Bytes that git's own commands would not write. */
function writeGitModules(repository: string, text: string): void {
  const args = ["hash-object", "-w", "--stdin"];
  const input = Buffer.from(text, "latin1");
  const blob = execFileSync("git", args, { cwd: repository, env: environment, input }).toString().trim();
  runGit(repository, "update-index", "--add", "--cacheinfo", `100644,${blob},.gitmodules`);
}

/** A repository with a gitlink at a path, and a .gitmodules that describes it. */
function createHostile(path: string, gitmodules: string, pin: string): string {
  const upstream = createUpstream();
  runGit(upstream, "update-index", "--add", "--cacheinfo", `160000,${pin},${path}`);
  writeGitModules(upstream, gitmodules);
  runGit(upstream, "commit", "--quiet", "--message", "hostile");
  return upstream;
}

function describeModule(name: string, url: string, path = "sub"): string {
  return `[submodule "${name}"]\n\tpath = "${path}"\n\turl = "${url}"\n`;
}

const DESCRIPTIONS: readonly (readonly [name: string, path: string, make: (url: string) => string])[] = [
  ["a name above its directory", "sub", (url) => describeModule("../../hooks", url)],
  ["a name that climbs in the middle", "sub", (url) => describeModule("a/../../../b", url)],
  ["a name that climbs on Windows", "sub", (url) => describeModule("..\\\\..\\\\b", url)],
  ["an absolute name", "sub", (url) => describeModule("/tmp/escaped", url)],
  ["an empty name", "sub", (url) => describeModule("", url)],
  ["a name of dots", "sub", (url) => describeModule(".", url)],
  ["a .git in a name", "sub", (url) => describeModule("a/.GIT", url)],
  ["a control character in a name", "sub", (url) => describeModule("a\u0007b", url)],
  ["a name that is not UTF-8", "sub", (url) => describeModule("\u00FF", url)],
  ["an address that is an option", "sub", () => describeModule("sub", "--upload-pack=touch escaped")],
  ["a path that is an option", "-u", (url) => describeModule("sub", url, "-u")],
  ["no address", "sub", () => '[submodule "sub"]\n\tpath = sub\n'],
  ["an address that is a switch", "sub", () => '[submodule "sub"]\n\tpath = sub\n\turl\n'],
  ["a command", "sub", (url) => `${describeModule("sub", url)}\tupdate = !touch escaped\n`],
  ["text that is no configuration", "sub", () => "[submodule\n"],
  ["more than anybody needs", "sub", (url) => `# ${"x".repeat(2 ** 20)}\n${describeModule("sub", url)}`],
];

describe("a submodule described with", () => {
  it.each(DESCRIPTIONS)("%s is refused, and nothing is written", async (_name, path, make) => {
    const sub = createUpstream();
    const upstream = createUpstream();
    const options = makeSubmoduleOptions(upstream, "isomorphic");
    await syncRepository(options);
    const hostile = createHostile(path, make(sub), runGit(sub, "rev-parse", "HEAD"));

    const outcome = syncRepository({ ...options, url: hostile });

    await expect(outcome).rejects.toMatchObject({ name: "GitSyncError", code: "ERR_GITSYNC_TREE" });
    expect(readdirSync(options.directory).toSorted()).toStrictEqual([".git", "flake.nix"]);
    expect(readdirSync(join(options.directory, "..")).toSorted()).toStrictEqual(["checkout"]);
    expect(existsSync(join(options.directory, ".git/modules"))).toBe(false);
  });
});

describe("syncRepository refuses", () => {
  it("a .gitmodules that is a symlink", async () => {
    const sub = createUpstream();
    const upstream = createHostile("sub", describeModule("sub", sub), runGit(sub, "rev-parse", "HEAD"));
    const entries = runGit(upstream, "ls-tree", "HEAD").replace("100644 blob", "120000 blob");
    expect(entries).toMatch(/^120000 blob [0-9a-f]+\t\.gitmodules$/m);
    const mktree = { cwd: upstream, env: environment, input: `${entries}\n` };
    const tree = execFileSync("git", ["mktree", "--missing"], mktree).toString().trim();
    runGit(upstream, "update-ref", "refs/heads/main", runGit(upstream, "commit-tree", "-m", "symlink", tree));

    const outcome = syncRepository(makeSubmoduleOptions(upstream, "isomorphic"));

    await expect(outcome).rejects.toMatchObject({ code: "ERR_GITSYNC_TREE" });
  });

  it("two submodules of which one would be inside the other's repository", async () => {
    const sub = createUpstream();
    const pin = runGit(sub, "rev-parse", "HEAD");
    const description = describeModule("a", sub, "one") + describeModule("a/objects", sub, "two");
    const upstream = createHostile("one", description, pin);
    runGit(upstream, "update-index", "--add", "--cacheinfo", `160000,${pin},two`);
    runGit(upstream, "commit", "--quiet", "--message", "two");

    const outcome = syncRepository(makeSubmoduleOptions(upstream, "isomorphic"));

    await expect(outcome).rejects.toMatchObject({ code: "ERR_GITSYNC_TREE" });
  });

  it("a chain of submodules that is too long", async () => {
    let repository = createUpstream();
    for (let depth = 0; depth < 11; depth += 1) {
      const outer = createUpstream();
      runGit(
        outer,
        "update-index",
        "--add",
        "--cacheinfo",
        `160000,${runGit(repository, "rev-parse", "HEAD")},s`,
      );
      writeGitModules(outer, describeModule("s", repository, "s"));
      runGit(outer, "commit", "--quiet", "--message", "deeper");
      repository = outer;
    }

    const outcome = syncRepository(makeSubmoduleOptions(repository, "isomorphic"));

    await expect(outcome).rejects.toMatchObject({ code: "ERR_GITSYNC_TREE" });
  });

  it.each(ENGINES)("a path of this machine from a remote repository, by %s", async (engine) => {
    const secret = createUpstream({ "secret.txt": "secret\n" });
    const upstream = createUpstream();
    addSubmodule(upstream, secret, "sub");
    const origin = await startServer(serveGit(upstream));

    const outcome = syncRepository(makeSubmoduleOptions(`${origin}/upstream`, engine));

    await expect(outcome).rejects.toMatchObject({ code: "ERR_GITSYNC_URL" });
    await expect(outcome).rejects.toThrow(
      'submodule "sub": expected an address that a remote repository may name',
    );
  });

  it("a tree with .git inside a submodule", async () => {
    const sub = createUpstream();
    const blob = runGit(sub, "rev-parse", "HEAD:flake.nix");
    const tree = Buffer.concat([Buffer.from("100644 .git\0"), Buffer.from(blob, "hex")]);
    const args = ["hash-object", "-t", "tree", "-w", "--stdin", "--literally"];
    const oid = execFileSync("git", args, { cwd: sub, env: environment, input: tree }).toString().trim();
    const pin = runGit(sub, "commit-tree", "-m", "hostile", oid);
    runGit(sub, "update-ref", "refs/heads/main", pin);
    const upstream = createHostile("sub", describeModule("sub", sub), pin);

    const outcome = syncRepository(makeSubmoduleOptions(upstream, "isomorphic"));

    await expect(outcome).rejects.toMatchObject({ code: "ERR_GITSYNC_TREE" });
    await expect(outcome).rejects.toThrow('submodule "sub": ');
  });
});

describe("syncRepository writes nothing outside", () => {
  it("where a submodule's directory was a symlink before", async () => {
    const outside = makeTempDir();
    const upstream = createUpstream();
    symlinkSync(outside, join(upstream, "dir"));
    commitAll(upstream);
    const options = makeSubmoduleOptions(upstream, "isomorphic");
    await syncRepository(options);
    runGit(upstream, "rm", "--quiet", "dir");
    addSubmodule(upstream, createUpstream({ "victim.txt": "overwritten\n" }), "dir/sub");

    await syncRepository(options);

    expect(readdirSync(outside)).toStrictEqual([]);
    expect(existsSync(join(options.directory, "dir/sub/victim.txt"))).toBe(true);
  });

  it("where .git/modules was made a symlink here", async () => {
    const outside = makeTempDir();
    const upstream = createUpstream();
    const options = makeSubmoduleOptions(upstream, "isomorphic");
    await syncRepository(options);
    symlinkSync(outside, join(options.directory, ".git/modules"));
    addSubmodule(upstream, createUpstream(), "sub");

    await syncRepository(options);

    expect(readdirSync(outside)).toStrictEqual([]);
    expect(existsSync(join(options.directory, "sub/flake.nix"))).toBe(true);
  });
});

describe("an access token", () => {
  it.each(ENGINES)("is shown to submodules on the same server alone, by %s", async (engine) => {
    const sub = createUpstream();
    const upstream = createUpstream();
    const seen: [string, string | undefined][] = [];
    const serve = (name: string, repository: string): Promise<string> =>
      startServer((request, response) => {
        seen.push([name, request.headers.authorization]);
        if (request.headers.authorization === undefined && name === "home") {
          response.writeHead(401, { "www-authenticate": "Basic" }).end();
        } else {
          serveGit(repository)(request, response);
        }
      });
    const [home, elsewhere] = [await serve("home", upstream), await serve("elsewhere", sub)];
    runGit(
      upstream,
      "update-index",
      "--add",
      "--cacheinfo",
      `160000,${runGit(sub, "rev-parse", "HEAD")},sub`,
    );
    writeGitModules(upstream, describeModule("sub", `${elsewhere}/upstream`));
    runGit(upstream, "commit", "--quiet", "--message", "submodule");
    const tokenFile = join(makeTempDir(), "token");
    writeFileSync(tokenFile, "secret\n");
    const options = { ...makeSubmoduleOptions(`${home}/upstream`, engine), http: { tokenFile } };

    await syncRepository(options);

    expect(existsSync(join(options.directory, "sub/flake.nix"))).toBe(true);
    expect(seen.some(([name, header]) => name === "home" && header !== undefined)).toBe(true);
    expect(seen.filter(([name]) => name === "elsewhere")).not.toStrictEqual([]);
    expect(seen.filter(([name, header]) => name === "elsewhere" && header !== undefined)).toStrictEqual([]);
  });

  it.each(ENGINES)("is shown to submodules on the same server, by %s", async (engine) => {
    const upstream = createUpstream();
    runGit(upstream, "clone", "--quiet", "--bare", createUpstream(), join(upstream, "../sub.git"));
    const origin = await startServer((request, response) => {
      if (request.headers.authorization === undefined) {
        response.writeHead(401, { "www-authenticate": "Basic" }).end();
      } else {
        serveGit(upstream)(request, response);
      }
    });
    const pin = runGit(join(upstream, "../sub.git"), "rev-parse", "HEAD");
    runGit(upstream, "update-index", "--add", "--cacheinfo", `160000,${pin},sub`);
    writeGitModules(upstream, describeModule("sub", "../sub.git"));
    runGit(upstream, "commit", "--quiet", "--message", "submodule");
    const tokenFile = join(makeTempDir(), "token");
    writeFileSync(tokenFile, "secret\n");
    const options = { ...makeSubmoduleOptions(`${origin}/upstream`, engine), http: { tokenFile } };

    await syncRepository(options);

    expect(existsSync(join(options.directory, "sub/flake.nix"))).toBe(true);
  });
});
