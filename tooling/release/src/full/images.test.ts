import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";

import { readManifest } from "../support/members.ts";
import { ROOT } from "../support/places.ts";
import { findEngines } from "./find-engines.ts";

/** As compose.yaml has it, and without any network. */
const LOCKED = [
  "--rm",
  "--read-only",
  "--cap-drop=ALL",
  "--security-opt=no-new-privileges",
  "--network=none",
  "--tmpfs=/tmp",
];

const TARGETS = [
  { target: "builder", app: "builder", command: "nix-cache-builder", user: "10001" },
  { target: "server", app: "cache-server", command: "nix-cache-server", user: "10002" },
];

const ENGINES = await findEngines();

const IMAGES = ENGINES.filter(({ obstacle }) => obstacle === "").flatMap(({ program }) =>
  TARGETS.map((given) => ({ ...given, program, image: `localhost/${given.command}-test` })),
);

/** Where no engine is of use, nothing is built, and this is what says so. */
describe("the engines of this machine", () => {
  it.each(ENGINES)(
    "build the images, or say why they cannot: $program: $obstacle",
    ({ program, obstacle }) => {
      const built = IMAGES.filter((image) => image.program === program);

      expect(built.length > 0).toBe(obstacle === "");
    },
  );
});

describe.each(IMAGES)("$command, built with $program", ({ program, image, target, app, command, user }) => {
  beforeAll(async () => {
    const recipe = ["--target", target, "--tag", image, "--file", "tooling/container/Containerfile", "."];
    await execa(program, ["build", ...recipe], { cwd: ROOT });
    return async () => {
      await execa(program, ["image", "rm", "--force", image]);
    };
  });

  /** Runs a command in the image, with nothing allowed that compose.yaml does not allow. */
  async function runLocked(entrypoint: string, ...args: readonly string[]): Promise<string> {
    const run = ["run", ...LOCKED, `--entrypoint=${entrypoint}`, image, ...args];
    return (await execa(program, run)).stdout;
  }

  it("runs with a read-only root and no rights", async () => {
    const { version } = await readManifest(`${ROOT}/apps/${app}`);

    expect(await runLocked(command, "--version")).toBe(version);
    expect(await runLocked("id", "--user")).toBe(user);
  });

  it("has the licences of all that is bundled", async () => {
    expect(await runLocked("ls", `/opt/${command}`)).toContain("THIRD-PARTY-LICENSES");
  });
});
