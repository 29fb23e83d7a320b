import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { parsePackageName, storePathName } from "./package-name.ts";

interface NixName {
  readonly fullName: string;
  readonly name: string;
  readonly version: string;
}

const { names }: { names: readonly NixName[] } = JSON.parse(
  readFileSync(`${import.meta.dirname}/../test/fixtures/versions.json`, "utf8"),
);

/** Those that end like an output are split otherwise, which is tested on its own. */
const WITHOUT_OUTPUT = names.filter(({ fullName }) => !/-[a-z]+$/.test(fullName));

describe("parsePackageName", () => {
  it.each(WITHOUT_OUTPUT)("splits $fullName as real Nix does", ({ fullName, name, version }) => {
    expect(parsePackageName(fullName)).toEqual({ name, version });
  });

  it.each([
    ["openssl-3.0.13-bin", "3.0.13"],
    ["glibc-2.39-52-dev", "2.39-52"],
    ["gcc-13.2.0-lib32", "13.2.0"],
    ["wine-9.0-lib64", "9.0"],
    ["linux-6.12.1-modules", "6.12.1"],
  ])("leaves the output of %s out", (fullName, version) => {
    expect(parsePackageName(fullName).version).toBe(version);
  });

  it.each(["system-path", "etc-fstab", "kernel-modules"])(
    "takes %s for a name, not for an output",
    (fullName) => {
      expect(parsePackageName(fullName)).toEqual({ name: fullName, version: "" });
    },
  );

  it("keeps the version of what has nothing but an output after its dash", () => {
    expect(parsePackageName("a--b")).toEqual({ name: "a", version: "-b" });
  });
});

describe("storePathName", () => {
  it("leaves directory and hash part out", () => {
    expect(storePathName("/nix/store/552hbm8si9y1d090nnlqs6misr8qcly8-hello-2.12")).toBe("hello-2.12");
  });

  it("takes what has no hash part for a name", () => {
    expect(storePathName("/nix/store/hello-2.12")).toBe("hello-2.12");
  });
});
