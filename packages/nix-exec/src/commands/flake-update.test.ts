import { describe, expect, it } from "vitest";

import { LIX_2_93, NIX_2_18, NIX_2_19, NIX_2_34, NIX_2_8 } from "../../test/versions.ts";
import type { NixCommand } from "../command.ts";
import { updateDirectory, updateLockFile } from "./flake-update.ts";

const OUTPUT = { flakeRef: "git+file:///f?rev=1", outputLockFile: "/r/flake.lock" };

/** The words between the features and the policy, which every command has; one line a command. */
function words(commands: readonly NixCommand<undefined>[]): string {
  return commands.map(({ argv }) => argv.slice(2, -3).join(" ")).join("\n");
}

describe("updateLockFile", () => {
  it("names the flake as positional argument until 2.18", () => {
    expect(words(updateLockFile(OUTPUT, NIX_2_18))).toBe(
      "flake update git+file:///f?rev=1 --output-lock-file /r/flake.lock",
    );
  });

  it.each([
    ["Nix 2.19", NIX_2_19],
    ["Nix 2.34", NIX_2_34],
    ["Lix", LIX_2_93],
  ])("names the flake by option on %s", (_name, capabilities) => {
    expect(words(updateLockFile(OUTPUT, capabilities))).toBe(
      "flake update --flake git+file:///f?rev=1 --output-lock-file /r/flake.lock",
    );
  });

  it("starts from its own output after the first input where Nix takes one", () => {
    const lines = words(updateLockFile({ ...OUTPUT, inputs: ["a", "b"] }, NIX_2_19)).split("\n");

    expect(lines).toEqual([
      "flake update a --flake git+file:///f?rev=1 --output-lock-file /r/flake.lock",
      "flake update b --flake git+file:///f?rev=1 --reference-lock-file /r/flake.lock --output-lock-file /r/flake.lock",
    ]);
  });

  it("is refused before 2.15", () => {
    expect(() => updateLockFile(OUTPUT, NIX_2_8)).toThrow(
      expect.objectContaining({ code: "ERR_NIX_UNSUPPORTED" }),
    );
  });
});

describe("updateDirectory", () => {
  it("names the directory as a path, not as the repository around it", () => {
    expect(words(updateDirectory({ directory: "/w" }, NIX_2_8))).toBe("flake update path:/w");
  });

  it("updates some inputs with flake lock until 2.18", () => {
    expect(words(updateDirectory({ directory: "/w", inputs: ["a", "b"] }, NIX_2_18))).toBe(
      "flake lock path:/w --update-input a --update-input b",
    );
  });

  it("updates some inputs by position from 2.21 on", () => {
    expect(words(updateDirectory({ directory: "/w", inputs: ["a", "b"] }, NIX_2_34))).toBe(
      "flake update a b --flake path:/w",
    );
  });

  it("updates several inputs one after the other where Nix takes one", () => {
    expect(words(updateDirectory({ directory: "/w", inputs: ["a", "b"] }, NIX_2_19))).toBe(
      "flake update a --flake path:/w\nflake update b --flake path:/w",
    );
  });

  it("refuses a name that is an option", () => {
    expect(() => updateDirectory({ directory: "/w", inputs: ["--impure"] }, NIX_2_34)).toThrow(RangeError);
  });
});

describe("an update that ends well", () => {
  const [update] = updateDirectory({ directory: "/w" }, NIX_2_34);

  it.each([
    "fatal: unable to access 'http://h/r/': Failed to connect to h port 80",
    "warning: could not update local clone of Git repository 'r'; continuing with the most recent version",
    "warning: unable to download 'https://h/x': HTTP error 502; using cached version",
  ])("fails all the same when Nix goes on with what it has: %s", (line) => {
    const stderr = `warning: Git tree '/w' is dirty\n${line}\n• Updated input 'dep'`;

    expect(() => update?.parse({ exitCode: 0, stdout: "", stderr })).toThrow(
      expect.objectContaining({ code: "ERR_NIX_FETCH", message: expect.stringContaining(line) }),
    );
  });
});
