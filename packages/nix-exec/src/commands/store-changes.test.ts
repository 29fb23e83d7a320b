import { describe, expect, it } from "vitest";

import { copyClosure } from "./copy-closure.ts";
import { readBuildLog } from "./read-build-log.ts";
import { repairPath } from "./repair-path.ts";
import { verifyContents } from "./verify-contents.ts";

const PATH = "/nix/store/3yssyp907yffk41gx3217bbs0k71hx08-dep";
const OTHER = "/nix/store/94canrq2cb8q2hwz4la6x0ny8qvc6m9d-top";

describe("copyClosure", () => {
  const words = (options: Omit<Parameters<typeof copyClosure>[0], "paths">): string =>
    copyClosure({ paths: [PATH], ...options })
      .argv.slice(2)
      .join(" ");

  it("names the key by its file, in the URL of the cache", () => {
    expect(words({ to: "file:///c?compression=zstd", keyFile: "/run/a key" })).toBe(
      `copy --to file:///c?compression=zstd&secret-key=%2Frun%2Fa%20key --log-format internal-json -v ${PATH}`,
    );
  });

  it("spells every option", () => {
    const options = {
      from: "https://c",
      to: "ssh-ng://h",
      checkSignatures: false,
      substituteOnDestination: true,
    };

    expect(words(options)).toBe(
      `copy --from https://c --to ssh-ng://h --no-check-sigs --substitute-on-destination --log-format internal-json -v ${PATH}`,
    );
  });

  it("refuses a password, which every user could read on the command line", () => {
    expect(() => words({ to: "https://u:s3cret@cache" })).toThrow(
      new RangeError("expected a store URL without password: put it in the file of the setting netrc-file"),
    );
  });

  it.each([{}, { from: "https://c", keyFile: "/k" }])("refuses %j", (options) => {
    expect(() => words(options)).toThrow(TypeError);
  });

  it("refuses a URL that Nix would take for an option", () => {
    expect(() => words({ to: "--from" })).toThrow(RangeError);
  });
});

describe("repairPath", () => {
  const { accepts, argv } = repairPath({ path: PATH });

  it("names the path alone", () => {
    expect(argv).toEqual(["--repair-path", PATH]);
    expect(() => repairPath({ path: "--help" })).toThrow(RangeError);
  });

  it("takes a path that has no source for an answer, and nothing else", () => {
    const noSource = `error: cannot repair path '${PATH}'`;

    expect(accepts?.(1, noSource)).toBe(true);
    expect(accepts?.(1, `error: path '${PATH}' is not valid`)).toBe(false);
    expect(accepts?.(1, `error: writing to file: No space left on device\n${noSource}`)).toBe(false);
  });
});

describe("readBuildLog", () => {
  it("takes a missing log for an answer, and nothing else", () => {
    const { accepts } = readBuildLog({ path: PATH });

    expect(accepts?.(1, `error: build log of '${PATH}' is not available`)).toBe(true);
    expect(accepts?.(1, "error: cannot connect to daemon")).toBe(false);
  });
});

describe("verifyContents", () => {
  const { accepts, parse } = verifyContents({ paths: [PATH] });
  const modified = `path '${PATH}' was modified! expected hash 'sha256:0', got 'sha256:1'`;

  it.each([
    ["2.8", `error: getting status of '${OTHER}': No such file or directory`],
    ["2.26", `error: path '/${OTHER}' does not exist`],
    ["2.34", `error: path '${OTHER}/' does not exist`],
  ])("reads the damage that Nix %s reports", (_version, unreadable) => {
    const stderr = `${modified}\n${unreadable}`;

    expect(accepts?.(5, stderr)).toBe(true);
    expect(parse({ exitCode: 5, stdout: "", stderr })).toEqual({ modified: [PATH], unreadable: [OTHER] });
  });

  it.each([
    [1, "error: cannot connect to daemon"],
    [4, "error: cannot read"],
    [5, modified],
  ])("takes status %i without the reasons for it for a failure", (exitCode, stderr) => {
    expect(accepts?.(exitCode, stderr)).toBe(false);
  });
});
