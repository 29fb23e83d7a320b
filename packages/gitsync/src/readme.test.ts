import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

import { describe, expect, it } from "vitest";

import { makeTempDir, runGit } from "../test/repository.ts";
import { createServedUpstream, sshEnvironment, startServer } from "../test/ssh.ts";

const PACKAGE = dirname(import.meta.dirname);

/** Writes the README's example that contains a text where its imports can be resolved, and returns its path. */
function writeExample(text: string): string {
  const readme = readFileSync(join(PACKAGE, "README.md"), "utf8");
  const examples = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""]) => code);
  const directory = makeTempDir();
  mkdirSync(join(directory, "node_modules/@nix-cache"), { recursive: true });
  symlinkSync(PACKAGE, join(directory, "node_modules/@nix-cache/gitsync"));
  const dependency = "node_modules/isomorphic-git";
  symlinkSync(realpathSync(join(PACKAGE, dependency)), join(directory, dependency));
  const file = join(directory, "example.ts");
  writeFileSync(file, examples.find((code) => code.includes(text)) ?? "");
  return file;
}

async function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const call = ["--conditions=@nix-cache/source", file, ...args];
  const { stdout } = await promisify(execFile)(process.execPath, call, { env });
  return stdout.trim();
}

describe("the README's example for users of isomorphic-git alone", () => {
  it("clones and fetches over a real ssh", async () => {
    const upstream = createServedUpstream();
    const server = await startServer();
    const { keyFile, knownHostsFile } = server;
    const args = [server.url(upstream), keyFile, knownHostsFile];

    const printed = await run(writeExample("git.clone"), args, sshEnvironment(server));

    expect(printed).toBe(runGit(upstream, "rev-parse", "HEAD"));
  });

  it("says how to call it", async () => {
    expect(await run(writeExample("git.clone"), [], {})).toMatch(/^usage: /);
  });
});
