import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  decodeNixBase32,
  encodeNixBase32,
  formatNarInfo,
  formatPublicKey,
  formatSecretKey,
  generateSecretKey,
  parseNarInfo,
  parsePublicKey,
  parseSecretKey,
  signNarInfo,
  toPublicKey,
  verifyNarInfo,
} from "../src/index.ts";
import { outcome } from "./outcome.ts";

const KEY_NAME = "cache.example.org-1";
const SECRET_KEY = generateSecretKey(KEY_NAME, createHash("sha256").update("a throw-away test key").digest());
const PUBLIC_KEY = formatPublicKey(toPublicKey(SECRET_KEY));

let dir = "";
let storeDir = "";

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "narinfo-"));
  storeDir = join(dir, "store");
  writeFileSync(
    join(dir, "nix.conf"),
    "sandbox = false\nbuild-users-group =\nsubstituters =\nexperimental-features = nix-command\n",
  );
});

afterAll(() => {
  // A store is read-only, for its owner as well.
  execFileSync("chmod", ["-R", "u+w", dir]);
  rmSync(dir, { recursive: true, force: true });
});

/** Runs a command of Nix with a store of its own; gives its standard output. */
function nix(command: string, args: readonly string[], input = ""): string {
  const env = {
    PATH: process.env["PATH"],
    HOME: dir,
    NIX_CONF_DIR: dir,
    NIX_STORE_DIR: storeDir,
    NIX_STATE_DIR: join(dir, "state"),
    NIX_LOG_DIR: join(dir, "log"),
    NIX_LOCALSTATE_DIR: join(dir, "localstate"),
    NIX_REMOTE: "",
  };
  return execFileSync(command, args, { env, input, encoding: "utf8", stdio: "pipe", timeout: 20_000 });
}

/** Builds a path with references to itself and to a source; gives the path. */
function buildPath(): string {
  const expression = `derivation {
    name = "x";
    system = builtins.currentSystem;
    builder = "/bin/sh";
    args = [ "-c" "echo \${builtins.toFile "source" "x"} $out > $out" ];
  }`;
  return nix("nix-build", ["--no-out-link", "--expr", expression]).trim();
}

/** Copies a path, its references too, to a binary cache; gives the narinfo that Nix wrote. */
function copyToCache(path: string): { cache: string; text: string; file: string } {
  const cache = join(mkdtempSync(join(dir, "cache-")), "cache");
  nix("nix", ["copy", "--to", `file://${cache}?compression=none`, path]);
  const file = join(cache, `${path.slice(storeDir.length + 1).slice(0, 32)}.narinfo`);
  return { cache, file, text: readFileSync(file, "utf8") };
}

describe("keys and real Nix", () => {
  it("reads and writes what nix-store --generate-binary-cache-key wrote", () => {
    const [secretFile, publicFile] = [join(dir, "a.secret"), join(dir, "a.public")];
    nix("nix-store", ["--generate-binary-cache-key", KEY_NAME, secretFile, publicFile]);

    const secretKey = parseSecretKey(readFileSync(secretFile, "utf8"));

    expect(formatSecretKey(secretKey)).toBe(readFileSync(secretFile, "utf8"));
    expect(formatPublicKey(toPublicKey(secretKey))).toBe(readFileSync(publicFile, "utf8"));
  });

  it("derives the public key that nix key convert-secret-to-public derives", () => {
    const text = nix("nix", ["key", "convert-secret-to-public"], formatSecretKey(SECRET_KEY));

    expect(parsePublicKey(text)).toEqual(toPublicKey(SECRET_KEY));
  });
});

describe("nix base 32 and real Nix", () => {
  it.each(["md5", "sha1", "sha256", "sha512"])("writes and reads a %s as nix-hash does", (algorithm) => {
    const bytes = createHash(algorithm).update("x").digest();

    const text = nix("nix-hash", ["--type", algorithm, "--to-base32", bytes.toString("hex")]).trim();

    expect(encodeNixBase32(bytes)).toBe(text);
    expect(decodeNixBase32(text)).toEqual(new Uint8Array(bytes));
  });
});

describe("narinfos and real Nix", () => {
  it("writes what nix copy wrote and signs as nix store sign signed", () => {
    const path = buildPath();
    writeFileSync(join(dir, "b.secret"), formatSecretKey(SECRET_KEY));
    nix("nix", ["store", "sign", "--key-file", join(dir, "b.secret"), path]);

    const { text } = copyToCache(path);

    const info = parseNarInfo(text, { storeDir });
    expect(formatNarInfo(info)).toBe(text);
    expect(info.references).toHaveLength(2);
    expect(info.deriver).toMatch(/-x\.drv$/);
    expect(info.signatures).toEqual([signNarInfo(info, SECRET_KEY)]);
    expect(verifyNarInfo(info, [PUBLIC_KEY])).toBe(true);
  });

  it("makes signatures that a client of Nix trusts", () => {
    const { cache, file, text } = copyToCache(buildPath());
    const info = parseNarInfo(text, { storeDir });
    writeFileSync(file, formatNarInfo({ ...info, signatures: [signNarInfo(info, SECRET_KEY)] }));

    const verify = ["store", "verify", "--no-contents", "--store", `file://${cache}`, info.storePath];

    expect(nix("nix", [...verify, "--trusted-public-keys", PUBLIC_KEY])).toBe("");
    expect(() => nix("nix", [...verify, "--trusted-public-keys", ""])).toThrow(/untrusted/);
  });

  it("comes to the verdict of nix path-info on changed narinfos", () => {
    const { cache, file, text } = copyToCache(buildPath());
    const { storePath } = parseNarInfo(text, { storeDir });
    const accepts = (): boolean => {
      try {
        return nix("nix", ["path-info", "--store", `file://${cache}`, storePath]) !== "";
      } catch {
        return false;
      }
    };

    const verdicts = CHANGES.map((change) => {
      writeFileSync(file, change(text));
      const ours = outcome(() => parseNarInfo(change(text), { storeDir }));
      return { change: String(change), nix: accepts(), ours: typeof ours === "object" };
    });

    expect(verdicts.filter((verdict) => verdict.nix !== verdict.ours)).toEqual([]);
    expect(new Set(verdicts.map((verdict) => verdict.nix))).toEqual(new Set([true, false]));
  });
});

const HASH = "sha256:0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73";

const CHANGES: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.replace("References: ", "References:"),
  (text) => text.replace(/References: .*/, "References: "),
  (text) => text.replace(/References: .*/, "References:"),
  (text) => text.replace(/References: (.*)/, "References:  $1  $1 "),
  (text) => text.replace(/^References: .*\n/m, "$&$&"),
  (text) => text.replace(/(NarSize: )/, "$1+0"),
  (text) => text.replace(/(NarSize: )/, "$1-"),
  (text) => text.replace(/NarSize: .*/, "NarSize: 0"),
  (text) => text.replace(/FileSize: .*/, "FileSize: 0"),
  (text) => text.replace(/NarHash: sha256:/, "NarHash: sha1:"),
  (text) => text.replace(/NarHash: .*/, (line) => line.toUpperCase()),
  (text) => text.replace(/URL: .*/, "URL: "),
  (text) => text.replace(/URL: .*/, "URL: http://elsewhere/a b"),
  (text) => text.replace(/Compression: .*\n/, ""),
  (text) => `${text}CA: \nCA: fixed:${HASH}\n`,
  (text) => `${text}CA: fixed:${HASH}\nCA: fixed:${HASH}\n`,
  (text) => `${text}CA: text:${HASH}\n`,
  (text) => `${text}CA: text:sha1:${"0".repeat(40)}\n`,
  (text) => `${text}CA: fixed:r:sha1:${"0".repeat(40)}\n`,
  (text) => `${text}CA: ${HASH}\n`,
  (text) => `Deriver: unknown-deriver\n${text}`,
  (text) => `Deriver: \n${text}`,
  (text) => `# a comment: of sorts\n${text}`,
  (text) => `${text}\n`,
  (text) => `\n${text}`,
  (text) => text.slice(0, -1),
  (text) => text.replaceAll("\n", "\r\n"),
  (text) => text.split("\n").toReversed().join("\n").slice(1).concat("\n"),
];
