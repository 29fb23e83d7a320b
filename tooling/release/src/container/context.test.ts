import { readFile, readlink } from "node:fs/promises";
import process from "node:process";

import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { ROOT } from "../support/places.ts";
import { CONTAINER_DIR } from "./read-recipe.ts";

describe("what an image is built from", () => {
  it("is the same for every engine", async () => {
    expect(await readlink(`${ROOT}/.containerignore`)).toBe(".dockerignore");
  });

  it("leaves out everything that is not named", async () => {
    const rules = (await readFile(`${ROOT}/.dockerignore`, "utf8"))
      .split("\n")
      .filter((line) => /^[^#]/.test(line));

    expect(rules[0]).toBe("*");
    expect(rules).toEqual(
      expect.arrayContaining(["**/node_modules", "**/dist", "tooling/container/secrets"]),
    );
    expect(rules.filter((rule) => /^!.*(\.git|\.demo|\.toolchain)/.test(rule))).toEqual([]);
  });
});

describe("the containers' configuration", () => {
  it("is one that both apps take", async () => {
    const main = `${ROOT}/apps/builder/src/main.ts`;
    const check = ["check-config", "--config", `${CONTAINER_DIR}/config.toml`];

    const { exitCode, stderr } = await execa(
      process.execPath,
      ["--conditions=@nix-cache/source", main, ...check],
      { reject: false },
    );

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });
});
