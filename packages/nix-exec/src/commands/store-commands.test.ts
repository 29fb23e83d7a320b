import { describe, expect, it } from "vitest";

import { LIX_2_93, NIX_2_34, NIX_2_8 } from "../../test/versions.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { flakeMetadata } from "./flake-metadata.ts";
import { listRoots } from "./list-roots.ts";
import { pathInfo } from "./path-info.ts";
import { pingStore } from "./ping-store.ts";
import { showSettings } from "./show-settings.ts";
import { signClosure } from "./sign.ts";
import { verifyClosure } from "./verify.ts";

const PATH = "/nix/store/3yssyp907yffk41gx3217bbs0k71hx08-dep";
const PRINTED = { exitCode: 0, stdout: "", stderr: "" };

describe("pathInfo", () => {
  it.each([
    ["Nix 2.8", NIX_2_8, false],
    ["Nix 2.34", NIX_2_34, true],
    ["Lix", LIX_2_93, false],
  ])("names the JSON format on %s only where it exists", (_name, capabilities, expected) => {
    const { argv } = pathInfo({ paths: [PATH] }, capabilities);

    expect(argv.join(" ").includes("--json --json-format 1")).toBe(expected);
  });
});

describe("showSettings", () => {
  it("follows the renaming of the command", () => {
    expect(showSettings(NIX_2_8).argv.slice(2)).toEqual(["show-config", "--json"]);
    expect(showSettings(NIX_2_34).argv.slice(2)).toEqual(["config", "show", "--json"]);
  });
});

describe("pingStore", () => {
  it("follows the renaming of the command", () => {
    const store = "ssh-ng://builder";

    expect(pingStore({ store }, NIX_2_8).argv.slice(2)).toEqual(["store", "ping", "--store", store]);
    expect(pingStore({ store }, NIX_2_34).argv.slice(2)).toEqual(["store", "info", "--store", store]);
  });

  it("takes no option for a store", () => {
    expect(() => pingStore({ store: "--help" }, NIX_2_34)).toThrow(RangeError);
  });
});

describe("signClosure", () => {
  it("passes the key by file and counts what was added", () => {
    const command = signClosure({ paths: [PATH], keyFile: "/run/key" });

    expect(command.argv.slice(2)).toEqual(["store", "sign", "--recursive", "--key-file", "/run/key", PATH]);
    expect(command.parse({ ...PRINTED, stderr: "added 12 signatures" })).toEqual({ added: 12 });
  });
});

describe("verifyClosure", () => {
  it("takes an untrusted path for an answer and corruption for an error", () => {
    const { accepts } = verifyClosure({ paths: [PATH], publicKeys: ["k:AA=="] });

    expect([0, 1, 2, 3, 4, 6].filter((exitCode) => accepts?.(exitCode, ""))).toEqual([0, 2]);
  });
});

describe("listRoots", () => {
  it("reads links and the words that stand for them", () => {
    const stdout = `/r/a -> b -> ${PATH}\n{censored} -> ${PATH}\n`;

    expect(listRoots().parse({ ...PRINTED, stdout })).toEqual([
      { link: "/r/a -> b", storePath: PATH },
      { link: "{censored}", storePath: PATH },
    ]);
  });
});

describe("listRoots of Nix 2.34", () => {
  it("reads links in quotes", () => {
    const stdout = `"/r/a \\"b\\" \\\\c" -> ${PATH}\n`;

    expect(listRoots().parse({ ...PRINTED, stdout })).toEqual([{ link: '/r/a "b" \\c', storePath: PATH }]);
  });
});

describe("collectGarbage", () => {
  it.each([
    ["2.8", { stdout: "12 store paths deleted, 0.03 MiB freed\n" }, { deletedPaths: 12, freedBytes: 31457 }],
    ["2.34", { stderr: "1 store paths deleted, 9.5 KiB freed" }, { deletedPaths: 1, freedBytes: 9728 }],
  ])("reads what Nix %s freed", (_version, printed, expected) => {
    expect(collectGarbage({}).parse({ ...PRINTED, ...printed })).toEqual(expected);
  });

  it("stops after the given number of bytes", () => {
    expect(collectGarbage({ maxFreedBytes: 1000 }).argv).toEqual(["--gc", "--max-freed", "1000"]);
  });
});

describe("flakeMetadata", () => {
  const { parse } = flakeMetadata({ flakeRef: "path:/f" }, NIX_2_8);

  it("keeps what every version has and what only some have", () => {
    const stdout = JSON.stringify({
      url: "git+file:///f",
      path: PATH,
      locks: { version: 7 },
      dirtyRevision: "abc-dirty",
      fingerprint: "f1",
      lastModified: 7,
      locked: { __final: true },
    });

    expect(parse({ ...PRINTED, stdout })).toEqual({
      url: "git+file:///f",
      path: PATH,
      locks: { version: 7 },
      dirtyRevision: "abc-dirty",
      fingerprint: "f1",
      lastModified: 7,
    });
  });

  it("refuses metadata without locks", () => {
    expect(() => parse({ ...PRINTED, stdout: '{"url":"path:/f","path":"/p"}' })).toThrow(TypeError);
  });
});
