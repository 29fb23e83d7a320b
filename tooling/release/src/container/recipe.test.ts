import { readFile } from "node:fs/promises";

import { validate } from "dockerfile-utils";
import { describe, expect, it } from "vitest";

import { ROOT } from "../support/places.ts";
import { listInherited, listInstructions, readRecipe, splitStages } from "./read-recipe.ts";

const RECIPE = await readRecipe();
const STAGES = splitStages(RECIPE);
const TARGETS = [
  { target: "builder", command: "nix-cache-builder" },
  { target: "server", command: "nix-cache-server" },
];

/** The value that an ARG has when nobody gives one. */
function defaultOf(argument: string): string | undefined {
  const found = listInstructions(RECIPE).find(({ rest }) => rest.startsWith(`${argument}=`));
  return found?.rest.slice(argument.length + 1);
}

describe("the recipe of the images", () => {
  it("has nothing that a linter complains of", () => {
    expect(validate(RECIPE)).toEqual([]);
  });

  it("takes Node from the Debian that it runs on, whose libraries it needs", () => {
    const [, node = ""] =
      /^docker\.io\/library\/node:24-(\w+)-slim$/.exec(defaultOf("NODE_IMAGE") ?? "") ?? [];

    expect(defaultOf("DEBIAN_IMAGE")).toBe(`docker.io/library/debian:${node}-slim`);
  });

  it("builds with the pnpm that a checkout is set up with", async () => {
    const bootstrap = await readFile(`${ROOT}/tooling/bootstrap/src/dependencies.mjs`, "utf8");

    expect(bootstrap).toContain(`PNPM_VERSION = "${defaultOf("PNPM_VERSION")}"`);
  });

  it("copies the whole checkout into the stage alone that no image keeps", () => {
    const copying = STAGES.filter(({ instructions }) =>
      instructions.some(({ keyword, rest }) => keyword === "COPY" && rest === ". ."),
    );

    expect(copying.map(({ name }) => name)).toEqual(["build"]);
  });

  it("fetches nothing by address", () => {
    const instructions = listInstructions(RECIPE);

    expect(instructions.filter(({ keyword }) => keyword === "ADD")).toEqual([]);
    expect(instructions.filter(({ rest }) => /\b(curl|wget)\b/.test(rest))).toEqual([]);
  });
});

describe.each(TARGETS)("the image $command", ({ target, command }) => {
  const instructions = listInherited(STAGES, target);
  const textOf = (keyword: string): string =>
    instructions
      .filter((instruction) => instruction.keyword === keyword)
      .map(({ rest }) => rest)
      .join("\n");

  it("runs as a user by number, which is not root", () => {
    const [user = ""] = textOf("USER").split("\n");

    expect(user).toMatch(/^[1-9]\d{4}:[1-9]\d{4}$/);
    expect(textOf("RUN")).toContain(`useradd --uid ${user.split(":")[0]} `);
  });

  it("has the app's bundle with its licences, and starts it", () => {
    expect(textOf("COPY")).toMatch(/LICENSE .*THIRD-PARTY-LICENSES/);
    expect(textOf("ENTRYPOINT")).toBe(`["${command}"]`);
  });

  it("takes no secret in a variable, an argument or a file", () => {
    const given = [textOf("ENV"), textOf("ARG"), textOf("COPY")].join("\n");

    expect(given).not.toMatch(/token|password|passwd|secret(?!s$)|\.pem|_key|id_(rsa|ed25519)/im);
  });

  it("says what it is, from where and on which terms", () => {
    const labels = [...textOf("LABEL").matchAll(/org\.opencontainers\.image\.(\w+)="/g)];

    expect(labels.map(([, name = ""]) => name).toSorted()).toEqual([
      "description",
      "licenses",
      "source",
      "title",
      "version",
    ]);
  });
});

describe("the health check", () => {
  it("asks the server as a client would", () => {
    const check = listInherited(STAGES, "server").find(({ keyword }) => keyword === "HEALTHCHECK");

    expect(check?.rest).toContain("http://127.0.0.1:5000/nix-cache-info");
  });

  it("is none for the builder, which ends by itself", () => {
    const check = listInherited(STAGES, "builder").find(({ keyword }) => keyword === "HEALTHCHECK");

    expect(check?.rest).toBe("NONE");
  });
});
