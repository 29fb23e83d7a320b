import { chmod, chown, lstat, readdir, readFile, stat, writeFile } from "node:fs/promises";

import { formatSecretKey, generateSecretKey } from "@nix-cache/narinfo";
import { describe, expect, it, onTestFinished } from "vitest";

import { takeAway, useDoctorSite } from "./support/doctor-site.ts";

/** What the machine that runs the tests is to blame for, and not the site. */
const OF_THE_MACHINE = new Set(["disk", "clock", "timer", "firewall"]);

/** A user who owns nothing. */
const NOBODY = 65_534;

const made = useDoctorSite();

/** Names, sizes and times of everything that the builder keeps, Nix's caches apart. */
async function listState(directory: string): Promise<readonly string[]> {
  const places = ["state", "cache", "var/nix/gcroots"].map((name) => `${directory}/${name}`);
  const names = await Promise.all(places.map((place) => readdir(place, { recursive: true })));
  const files = names.flatMap((found, index) => found.map((name) => `${places[index]}/${name}`));
  const kept = files.filter((file) => !file.startsWith(`${directory}/state/cache`));
  return Promise.all(
    kept.map(async (file) => {
      const { mtimeMs, size } = await lstat(file);
      return `${file} ${size} ${mtimeMs}`;
    }),
  );
}

describe("doctor", () => {
  it("finds nothing wrong with a healthy machine, changes nothing and tells no secret", async () => {
    const { directory, publicKey } = made().site;
    const before = await listState(directory);

    const { exitCode, findings, output } = await made().examine();

    const faults = findings.filter(
      ({ check, status }) => !OF_THE_MACHINE.has(check) && !/ok|skipped/.test(status),
    );
    expect(faults).toEqual([]);
    expect(exitCode).toBe(findings.some(({ status }) => status === "problem") ? 1 : 0);
    expect(output).toContain(publicKey);
    expect(await listState(directory)).toEqual(before);
    const [, secret = ""] = (await readFile(`${directory}/key`, "utf8")).split(":");
    expect(output).not.toContain(secret.trim());
  });

  it("says for people what it says for scripts", async () => {
    await made().configure({ hosts: ["nz", "web"] });

    const { exitCode, stdout } = await made().site.builder("doctor");

    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^problem +the flake has no host web: did you mean we\.b\?$/m);
    expect(stdout).toContain('-> builder.hosts = ["nz","we.b"]');
    expect(stdout).toMatch(/^\d+ problems?, .*ok/m);
  });

  it("takes a configuration that cannot be read for a problem like any other", async () => {
    await made().configure({ builder: ["keepGenerations = -1"] });

    const { exitCode, findings } = await made().examine();

    expect(exitCode).toBe(1);
    expect(findings).toMatchObject([{ check: "configuration", status: "problem" }]);
    expect(findings[0]?.summary).toContain("builder.keepGenerations");
  });

  it("finds that Nix is missing, and skips what hangs on it", async () => {
    await made().configure({ nix: ['binDir = "/nonexistent"'] });

    const { faults, findings } = await made().examine();

    expect(faults("nix")).toMatchObject([{ status: "problem", remedy: expect.stringContaining("nix") }]);
    expect(findings.find(({ check }) => check === "roots")).toMatchObject({
      status: "skipped",
      summary: "Nix cannot be used: see nix",
    });
  });

  it("finds a signing key that everyone can read", async () => {
    const key = `${made().site.directory}/key`;
    await chmod(key, 0o444);
    onTestFinished(() => chmod(key, 0o400));

    const { exitCode, faults } = await made().examine();

    expect(exitCode).toBe(1);
    expect(faults("signing-key")).toMatchObject([
      { status: "problem", remedy: expect.stringContaining(`chmod 0400 ${key}`) },
    ]);
  });

  it("finds that the signing key is missing", async () => {
    await takeAway(`${made().site.directory}/key`);

    const { faults } = await made().examine();

    expect(faults("signing-key")).toMatchObject([
      { status: "problem", remedy: expect.stringContaining("keygen") },
    ]);
  });

  it("finds what is not signed with the key, in the store and as it is served", async () => {
    const { configFile, directory } = made().site;
    const key = `${directory}/other-key`;
    const secretKey = generateSecretKey("e2e-2", new Uint8Array(32).fill(7));
    await writeFile(key, formatSecretKey(secretKey), { mode: 0o400 });
    await made().configure({ cacheServer: [`signingKeyFiles = ["${directory}/key"]`] });
    const text = await readFile(configFile, "utf8");
    await writeFile(configFile, text.replace(/signingKeyFile = .*/, `signingKeyFile = "${key}"`));

    const { faults } = await made().examine();

    expect(faults("signatures")).toMatchObject([
      {
        status: "problem",
        detail: expect.stringMatching(/^nz 1, we\.b 1/),
        remedy: expect.stringContaining("sign --all"),
      },
    ]);
    expect(faults("server").map(({ summary }) => summary)).toEqual([
      expect.stringMatching(/of nz has no signature that e2e-2:/),
      expect.stringMatching(/of we\.b has no signature that e2e-2:/),
    ]);
  });

  it("sees what the service's user sees, whoever runs it", async () => {
    const { directory } = made().site;
    // As root: the owner of the state is somebody else, who cannot read root's key. As anybody: a key without a mode.
    const isRoot = process.getuid?.() === 0;
    const place = isRoot ? `${directory}/state` : `${directory}/key`;
    const { mode, uid } = await stat(place);
    await (isRoot ? chown(place, NOBODY, NOBODY) : chmod(place, 0));
    onTestFinished(() => (isRoot ? chown(place, uid, uid) : chmod(place, mode)));

    const { exitCode, faults } = await made().examine();

    expect(exitCode).toBe(1);
    expect(faults("signing-key")).toMatchObject([
      {
        status: "problem",
        summary: expect.stringMatching(/^\S+, as whom the service works, cannot read the signing key/),
        remedy: expect.stringMatching(/chown \S+ .*\/key\n.*chmod 0400 /),
      },
    ]);
  });

  it("finds tokens that everyone can read, and a list of them that Nix cannot", async () => {
    const file = `${made().site.directory}/tokens`;
    await writeFile(file, "hunter2 is the token\n", { mode: 0o644 });
    await made().configure({ builder: [`accessTokensFile = "${file}"`] });

    const { faults, findings, output } = await made().examine();

    expect(faults("tokens")).toMatchObject([
      { status: "problem", summary: expect.stringContaining("everyone") },
      { status: "problem", detail: expect.stringContaining("line 1: expected HOST=TOKEN") },
    ]);
    expect(findings.filter(({ check }) => check === "nix").map(({ status }) => status)).toEqual(["ok", "ok"]);
    expect(output).not.toContain("hunter2");
  });

  it("finds a directory whose history nobody else can get at", async () => {
    const stateDir = `${made().site.directory}/state`;
    await chmod(stateDir, 0o700);
    onTestFinished(() => chmod(stateDir, 0o755));

    const { faults } = await made().examine();

    expect(faults("state")).toMatchObject([
      { status: "warning", remedy: expect.stringContaining(`chmod a+x ${stateDir}`) },
    ]);
  });

  it("finds a disk with less room than the configuration asks for", async () => {
    await made().configure({ builder: ["minFreeSpace = 10000000"] });

    const { exitCode, faults } = await made().examine();

    expect(exitCode).toBe(1);
    expect(faults("disk")).toMatchObject([
      { status: "problem", summary: expect.stringContaining("less than builder.minFreeSpace = 10000000 GB") },
    ]);
  });
});
