import { execFileSync } from "node:child_process";

import { makePrivateNix } from "@nix-cache/tooling-parts";
import { describe, expect, it } from "vitest";

import { findCommand, installCommand } from "../test/commands.ts";
import { ENGINES, optionsFor } from "../test/engines.ts";
import {
  commitAll,
  createUpstream,
  environment,
  giveAway,
  inspectCheckout,
  inspectUpstream,
  listBelow,
  runGit,
  takeBack,
  writeFiles,
} from "../test/repository.ts";
import { syncRepository } from "./index.ts";

const FILES = 5000;

/** Adds a commit with thousands of files, by the fastest way that git has. */
function importFiles(repository: string): void {
  const files = Array.from({ length: FILES }, (_, index) => {
    const contents = `${index}\n`;
    return `M 644 inline dir-${index % 50}/file-${index}.txt\ndata ${contents.length}\n${contents}\n`;
  });
  const commit = `commit refs/heads/main
committer Tester <tester@example.org> 1700000000 +0000
data 5
many
from refs/heads/main^0
${files.join("")}`;
  execFileSync("git", ["fast-import", "--quiet"], { cwd: repository, env: environment, input: commit });
}

describe.each(ENGINES)("syncRepository by %s", (engine) => {
  const makeOptions = optionsFor(engine);

  it("makes a checkout that Nix takes for the revision, and not for dirty", async () => {
    const upstream = createUpstream({ "flake.nix": "{ outputs = _: { }; }\n", "run.bat": "one\r\ntwo\n" });
    writeFiles(upstream, { ".gitattributes": "*.bat eol=crlf\n" });
    commitAll(upstream);
    const options = makeOptions(upstream);
    using nix = makePrivateNix();

    const { revision } = await syncRepository(options);

    const flags = ["--extra-experimental-features", "flakes", "--no-use-registries"];
    const url = `git+file://${options.directory}`;
    const metadata = nix.run("nix", ...flags, "flake", "metadata", "--json", url).join("");
    expect(JSON.parse(metadata)).toMatchObject({ revision });
    expect(metadata).not.toContain("dirty");
  });

  it("takes thousands of files", async () => {
    const upstream = createUpstream();
    importFiles(upstream);
    const options = makeOptions(upstream);

    await syncRepository(options);
    const { updated } = await syncRepository(options);

    expect(updated).toBe(false);
    expect(listBelow(options.directory).filter((path) => path.endsWith(".txt"))).toHaveLength(FILES);
    expect(runGit(options.directory, "status", "--porcelain", "--ignored")).toBe("");
    expect(runGit(options.directory, "fsck", "--full", "--strict")).toBe("");
  });

  it("works where source and checkout belong to somebody else", async () => {
    const upstream = createUpstream();
    // The hook of git's own tests: to git, every repository belongs to somebody else. As root, it really does.
    const env = installCommand("git", `GIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec ${findCommand("git")} "$@"`);
    const options = { ...makeOptions(upstream), env };
    await syncRepository(options);
    commitAll(upstream);
    giveAway(upstream);
    giveAway(options.directory);

    await syncRepository(options);

    takeBack(upstream);
    takeBack(options.directory);
    expect(inspectCheckout(options.directory)).toStrictEqual(inspectUpstream(upstream));
    expect(() => runGit(options.directory, "config", "--get", "safe.directory")).toThrow(/config/);
  });
});
