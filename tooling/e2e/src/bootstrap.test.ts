import { cp, mkdir, symlink } from "node:fs/promises";

import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { type CommandEnd, toEnd } from "./support/command.ts";
import { ROOT } from "./support/places.ts";
import { tempDirForTest } from "./support/temp-dir.ts";

/** Programs that a bare Debian machine has, Node apart. */
const BARE = ["sh", "env", "apt-get", "apt-cache"];

interface Machine {
  readonly directory: string;
  /** Runs `npm start` there, as a user who is not root. */
  readonly start: (
    programs: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ) => Promise<CommandEnd>;
}

/** A checkout with nothing but the set-up in it, on a machine with only certain programs. */
async function bareMachine(): Promise<Machine> {
  const directory = await tempDirForTest("bare");
  await cp(`${ROOT}/tooling/bootstrap`, `${directory}/tooling/bootstrap`, {
    recursive: true,
    filter: (source) => !source.includes("node_modules"),
  });
  await cp(`${ROOT}/pnpm-lock.yaml`, `${directory}/pnpm-lock.yaml`);
  await mkdir(`${directory}/home`);
  // A copy: what this one is below may be closed to other users, as root's home is.
  await cp(process.execPath, `${directory}/node`);
  await execa("chmod", ["-R", "a+rwX", directory]);
  return {
    directory,
    start: async (programs, environment = {}) => {
      const path = `${directory}/bin-${programs.length}`;
      await mkdir(path);
      await Promise.all(programs.map((name) => linkProgram(name, path)));
      await symlink(`${directory}/node`, `${path}/node`);
      const command = [`${directory}/node`, `${directory}/tooling/bootstrap/main.mjs`, "start"];
      const [program = "", ...args] = process.getuid?.() === 0 ? [...AS_NOBODY, ...command] : command;
      const env = { PATH: path, HOME: `${directory}/home`, ...environment };
      return toEnd(await execa(program, args, { env, extendEnv: false, reject: false }));
    },
  };
}

const AS_NOBODY = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

async function linkProgram(name: string, directory: string): Promise<void> {
  const { stdout } = await execa("sh", ["-c", `command -v ${name}`], { reject: false });
  if (stdout !== "") await symlink(stdout, `${directory}/${name}`);
}

describe("the set-up", () => {
  it("says how to get Nix when it is missing and the user may not install it", async () => {
    const machine = await bareMachine();

    const { exitCode, stderr } = await machine.start(BARE);

    expect(exitCode).toBe(1);
    expect(stderr.trim()).toBe(
      "Nix is missing and this user may not install it: run `sudo apt-get install --yes --no-install-recommends nix-bin` as an administrator and try again",
    );
  });

  it("says how to get Nix when it is missing on another distribution", async () => {
    const machine = await bareMachine();

    const { exitCode, stderr } = await machine.start(["sh", "env"]);

    expect(exitCode).toBe(1);
    expect(stderr).toContain("Nix is missing: install it with `curl -L https://nixos.org/nix/install");
  });

  it("says that the registry cannot be reached, and leaves nothing half installed", async () => {
    const machine = await bareMachine();

    const { exitCode, stderr } = await machine.start(
      [...BARE, "nix", "nix-store", "npm", "dirname", "basename"],
      {
        npm_config_registry: "http://127.0.0.1:9",
      },
    );

    const { stdout: left } = await execa("ls", [`${machine.directory}/.toolchain`]);
    expect(exitCode).toBe(1);
    expect(stderr.trim()).toMatch(
      /^installing pnpm \S+ failed: the package registry cannot be reached: [^\n]*$/,
    );
    expect(left).toBe("bin");
  });
});
