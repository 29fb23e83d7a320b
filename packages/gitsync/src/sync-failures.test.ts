import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { installUploadPack } from "../test/commands.ts";
import { ENGINES, optionsFor } from "../test/engines.ts";
import {
  commitAll,
  createUpstream,
  environment,
  listBelow,
  makeTempDir,
  runGit,
  snapshot,
  writeFiles,
} from "../test/repository.ts";
import { readCheckout, syncRepository } from "./index.ts";

/** A process that has ended stays in /proc as a zombie until somebody asks how. */
function isRunning(pid: string): boolean {
  return existsSync(`/proc/${pid}`) && !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
}

const ADVERTISE = `"$GIT" -c safe.directory='*' upload-pack --advertise-refs "$DIR"`;

/** The real advertisement, then what the script prints when the request is in. */
function fakeAnswer(answer: string): Record<string, string> {
  return installUploadPack(`${ADVERTISE}\nwhile read -r line; do
  case $line in *done) break ;; esac
done\n${answer}`);
}

const FAILURES: readonly (readonly [name: string, code: string, env: () => Record<string, string>])[] = [
  [
    "a banner before the refs",
    "ERR_GITSYNC_PROTOCOL",
    () => installUploadPack("echo Welcome; exec sleep 60"),
  ],
  ["an end without a word", "ERR_GITSYNC_PROTOCOL", () => installUploadPack("exit 0")],
  ["a crash without a word", "ERR_GITSYNC_PROTOCOL", () => installUploadPack("exit 1")],
  ["a cut between the refs", "ERR_GITSYNC_PROTOCOL", () => installUploadPack(`${ADVERTISE} | head -c 100`)],
  ["a cut after NAK", "ERR_GITSYNC_PROTOCOL", () => fakeAnswer(String.raw`printf '0008NAK\n'`)],
  [
    "an error band",
    "ERR_GITSYNC_PROTOCOL",
    () => fakeAnswer(String.raw`printf '0008NAK\n0014\003fatal: no memory'; exit 128`),
  ],
  [
    "an error band and exit code 0",
    "ERR_GITSYNC_PROTOCOL",
    () => fakeAnswer(String.raw`printf '0008NAK\n0014\003fatal: no memory0000'`),
  ],
  ["a refusal", "ERR_GITSYNC_PROTOCOL", () => fakeAnswer("printf '001cERR upload-pack: not our ref'")],
  [
    "a pack of zeros",
    "ERR_GITSYNC_PROTOCOL",
    () => fakeAnswer(String.raw`printf '0008NAK\n0025\001'; head -c 32 /dev/zero; printf 0000`),
  ],
  ["a failure after a whole answer", "ERR_GITSYNC_PROTOCOL", () => installUploadPack(`"$GIT" "$@"; exit 3`)],
  ["no git", "ERR_GITSYNC_COMMAND", () => ({ ...environment, PATH: makeTempDir() })],
];

describe.each(ENGINES)("syncRepository by %s, when the remote fails with", (engine) => {
  const makeOptions = optionsFor(engine);

  it.each(FAILURES)("%s, changes nothing", async (_name, code, makeEnv) => {
    const upstream = createUpstream();
    const options = makeOptions(upstream);
    const { revision } = await syncRepository(options);
    writeFiles(upstream, { "new.txt": "new\n" });
    commitAll(upstream);
    const before = snapshot(options.directory);

    const outcome = syncRepository({ ...options, env: makeEnv() });

    await expect(outcome).rejects.toMatchObject({ name: "GitSyncError", code });
    expect(snapshot(options.directory)).toStrictEqual(before);
    expect(await readCheckout(options.directory)).toMatchObject({ revision, url: upstream, branch: "main" });
  });

  it.each(FAILURES)("%s, makes no directory", async (_name, code, makeEnv) => {
    const upstream = createUpstream();
    const parent = makeTempDir();
    const options = makeOptions(upstream, join(parent, "a/b"));

    const outcome = syncRepository({ ...options, env: makeEnv() });

    await expect(outcome).rejects.toMatchObject({ name: "GitSyncError", code });
    expect(listBelow(parent)).toStrictEqual([]);
  });

  it("a repository that is gone", async () => {
    const upstream = createUpstream();
    const options = makeOptions(upstream);
    await syncRepository(options);
    rmSync(upstream, { recursive: true });

    await expect(syncRepository(options)).rejects.toMatchObject({ code: "ERR_GITSYNC_REPOSITORY" });
    expect(await readCheckout(options.directory)).toBeDefined();
  });

  it("a missing branch, naming those that it has", async () => {
    const upstream = createUpstream();
    runGit(upstream, "branch", "dev");
    const options = { ...makeOptions(upstream), branch: "mian" };

    const outcome = syncRepository(options);

    await expect(outcome).rejects.toMatchObject({ code: "ERR_GITSYNC_BRANCH" });
    await expect(outcome).rejects.toThrow(/"mian".*dev, main/);
    expect(existsSync(options.directory)).toBe(false);
  });

  it("an empty repository", async () => {
    const upstream = makeTempDir();
    runGit(upstream, "init", "--quiet", "--bare");

    const outcome = syncRepository(makeOptions(upstream));

    await expect(outcome).rejects.toMatchObject({ code: "ERR_GITSYNC_BRANCH" });
    await expect(outcome).rejects.toThrow(/no branch at all/);
  });

  it("a shallow clone", async () => {
    const upstream = createUpstream();
    commitAll(upstream);
    const shallow = join(makeTempDir(), "shallow");
    runGit(upstream, "clone", "--quiet", "--depth=1", `file://${upstream}`, shallow);

    await expect(syncRepository(makeOptions(shallow))).rejects.toMatchObject({
      code: "ERR_GITSYNC_REPOSITORY",
    });
  });

  it("SHA-256", async () => {
    const upstream = makeTempDir();
    runGit(upstream, "init", "--quiet", "--object-format=sha256", "--initial-branch=main");
    commitAll(upstream);

    await expect(syncRepository(makeOptions(upstream))).rejects.toMatchObject({
      code: "ERR_GITSYNC_REPOSITORY",
    });
  });

  it("silence, after the time that it was given, and leaves no process", async () => {
    const env = installUploadPack('sleep 60 & echo $! > "$LOG_DIR/pid"; wait');
    const options = { ...makeOptions(createUpstream()), env, timeoutMs: 300 };

    await expect(syncRepository(options)).rejects.toMatchObject({ code: "ERR_GITSYNC_TIMEOUT" });

    const pid = readFileSync(join(env["LOG_DIR"] ?? "", "pid"), "utf8").trim();
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  it("silence in the middle of a pack", async () => {
    const env = fakeAnswer(String.raw`printf '0008NAK\n'; sleep 60`);
    const options = { ...makeOptions(createUpstream()), env, timeoutMs: 500 };

    await expect(syncRepository(options)).rejects.toMatchObject({ code: "ERR_GITSYNC_TIMEOUT" });
    expect(existsSync(options.directory)).toBe(false);
  });

  it("silence, when the caller gives up, throwing the caller's reason", async () => {
    const env = installUploadPack("sleep 60");
    const reason = new Error("shutting down");
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 100);

    const outcome = syncRepository({ ...makeOptions(createUpstream()), env, signal: controller.signal });

    await expect(outcome).rejects.toBe(reason);
  });
});
