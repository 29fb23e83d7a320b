import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";

import { describe, expect, it, onTestFinished } from "vitest";

import { requireConfig, requirePrograms } from "./require-open.ts";

/** A directory that is not below /tmp by name: services have another of that. */
function makeDirectory(): string {
  const directory = mkdtempSync(`${realpathSync(tmpdir())}/open-`);
  onTestFinished(() => rmSync(directory, { recursive: true }));
  chmodSync(directory, 0o755);
  return `/proc/self/root${directory}`;
}

describe("requirePrograms", () => {
  it.each(["/home/me/app/main.js", "/root/app/main.js", "/tmp/main.js"])(
    "refuses %s, which services do not see",
    (file) => {
      expect(() => requirePrograms([file])).toThrow(/hidden from them: .*\/opt/);
    },
  );

  it("takes what every user can read", () => {
    expect(() => requirePrograms([realpathSync("/bin/sh")])).not.toThrow();
  });

  it("says what is not there", () => {
    expect(() => requirePrograms(["/nonexistent/main.js"])).toThrow("it is not there");
  });
});

describe("requireConfig", () => {
  it("says how to open a file that its owner alone can read", () => {
    const file = `${makeDirectory()}/config.toml`;
    writeFileSync(file, "", { mode: 0o600 });

    expect(() => requireConfig(file)).toThrow(`its owner alone can read it: sudo chmod a+r ${file}`);
  });

  it("says how to open a directory that others cannot enter, as keygen makes it", () => {
    const directory = `${makeDirectory()}/nix-cache-builder`;
    mkdirSync(directory, { mode: 0o700 });
    writeFileSync(`${directory}/config.toml`, "");
    chmodSync(`${directory}/config.toml`, 0o644);

    expect(() => requireConfig(`${directory}/config.toml`)).toThrow(
      `others cannot enter ${directory}: sudo chmod a+x ${directory}`,
    );
  });
});
