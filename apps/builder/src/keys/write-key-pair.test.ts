import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { relative } from "node:path";
import process from "node:process";

import { parsePublicKey, parseSecretKey, toPublicKey } from "@nix-cache/narinfo";
import { describe, expect, it, onTestFinished } from "vitest";

import { CommandError } from "../command-error.ts";
import { writeKeyPair } from "./write-key-pair.ts";

async function directoryForTest(): Promise<string> {
  const directory = await mkdtemp(`${tmpdir()}/keys-`);
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

async function modeOf(file: string): Promise<number> {
  return (await stat(file)).mode & 0o777;
}

describe("writeKeyPair", () => {
  it("makes a pair that belongs together", async () => {
    const { publicFile, publicKey, secretFile } = await writeKeyPair("beez-1", await directoryForTest());

    const secret = parseSecretKey(await readFile(secretFile, "utf8"));
    expect(secret.name).toBe("beez-1");
    expect(await readFile(publicFile, "utf8")).toBe(publicKey);
    expect(parsePublicKey(publicKey)).toEqual(toPublicKey(secret));
  });

  it("makes another key each time", async () => {
    const directory = await directoryForTest();

    const [a, b] = [await writeKeyPair("a", directory), await writeKeyPair("b", directory)];

    expect(a.publicKey.split(":")[1]).not.toBe(b.publicKey.split(":")[1]);
  });

  it("lets the owner alone read the secret, and all the public key, whatever the umask", async () => {
    const directory = await directoryForTest();
    const mask = process.umask(0o077);
    onTestFinished(() => {
      process.umask(mask);
    });

    const { publicFile, secretFile } = await writeKeyPair("beez-1", `${directory}/new`);

    expect(await modeOf(secretFile)).toBe(0o400);
    expect(await modeOf(publicFile)).toBe(0o444);
  });

  it("hides nothing else that comes to be in a directory that it makes, such as the configuration", async () => {
    const directory = await directoryForTest();
    const mask = process.umask(0o077);
    onTestFinished(() => {
      process.umask(mask);
    });

    await writeKeyPair("beez-1", `${directory}/etc/new`);

    expect(await modeOf(`${directory}/etc`)).toBe(0o755);
    expect(await modeOf(`${directory}/etc/new`)).toBe(0o755);
    expect(await modeOf(directory)).toBe(0o700);
  });

  it("takes a directory from where it is", async () => {
    const directory = relative(process.cwd(), await directoryForTest());

    const { secretFile } = await writeKeyPair("beez-1", `${directory}/b/`);

    expect(await modeOf(secretFile)).toBe(0o400);
    expect(await modeOf(`${directory}/b`)).toBe(0o755);
  });

  it("says that a directory is not for whoever runs it to write to", async () => {
    // Nobody makes files there, root included.
    await expect(writeKeyPair("beez-1", "/sys")).rejects.toThrow(
      "/sys cannot be written to: run this as root, or name another directory with --out",
    );
  });

  it("overwrites neither half, and leaves no half behind", async () => {
    const directory = await directoryForTest();
    await writeFile(`${directory}/a.secret`, "mine");
    await writeFile(`${directory}/b.public`, "mine");

    await expect(writeKeyPair("a", directory)).rejects.toThrow(/a\.secret is there already/);
    await expect(writeKeyPair("b", directory)).rejects.toThrow(/b\.public is there already/);

    expect((await readdir(directory)).toSorted()).toEqual(["a.secret", "b.public"]);
    expect(await readFile(`${directory}/a.secret`, "utf8")).toBe("mine");
    expect(await readFile(`${directory}/b.public`, "utf8")).toBe("mine");
  });

  it.each(["", "a:b", "a b", "../a", "a/b", ".hidden", "-rf", "ä", "a".repeat(129)])(
    "refuses the name %j",
    async (name) => {
      const directory = await directoryForTest();

      await expect(writeKeyPair(name, directory)).rejects.toThrow(
        expect.objectContaining({ constructor: CommandError, exitCode: 2 }),
      );

      expect(await readdir(directory)).toEqual([]);
    },
  );

  it("says which directory cannot be written", async () => {
    const directory = await directoryForTest();
    await writeFile(`${directory}/file`, "");

    await expect(writeKeyPair("a", `${directory}/file`)).rejects.toThrow(/EEXIST|ENOTDIR/);
  });
});
