import { writeFile } from "node:fs/promises";
import process from "node:process";

import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

import { readManifest } from "../support/members.ts";
import { ROOT } from "../support/places.ts";
import { tempDirForTest } from "../support/temp-dir.ts";
import { findEngines } from "./find-engines.ts";
import { buildImage, runLocked } from "./images.ts";

const ENGINES = await findEngines();

const USABLE = ENGINES.filter(({ obstacle }) => obstacle === "").map(({ program }) => ({
  program,
  builder: { program, target: "builder", image: "localhost/nix-cache-builder-test" },
  server: { program, target: "server", image: "localhost/nix-cache-server-test" },
}));

const SYSTEM = `${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux`;

/** One host whose toplevel any shell can make. */
const FLAKE = `{
  outputs = _: {
    nixosConfigurations.nz = rec {
      config.nixpkgs.hostPlatform.system = "${SYSTEM}";
      config.system.build.toplevel = derivation {
        name = "nixos-system-nz";
        system = "${SYSTEM}";
        builder = "/bin/sh";
        args = [ "-c" "echo nz > $out" ];
      };
      pkgs.stdenv.hostPlatform.system = "${SYSTEM}";
    };
  };
}
`;

const STATE = "/var/lib/nix-cache-builder";

const CONFIG = `[builder]
flakeRepo = "${STATE}/repository"
hosts = ["*"]
signingKeyFile = "${STATE}/key"
[cacheServer]
signingKeyFiles = []
`;

const PREPARE = `set -e
cd ${STATE}
nix-store --generate-binary-cache-key test-1 key key.pub
git init --quiet --initial-branch=main repository
cd repository
cp /site/flake.nix .
git add flake.nix
git -c user.name=Test -c user.email=test@example.org commit --quiet --message=Flake`;

/** Where no engine is of use, nothing is built, and this is what says so. */
describe("the engines of this machine", () => {
  it.each(ENGINES)(
    "build the images, or say why they cannot: $program: $obstacle",
    ({ program, obstacle }) => {
      expect(USABLE.some((usable) => usable.program === program)).toBe(obstacle === "");
    },
  );
});

describe.each(USABLE)("the images, built with $program", ({ program, builder, server }) => {
  beforeAll(async () => {
    await buildImage(builder);
    await buildImage(server);
  });

  afterAll(async () => {
    await execa(program, ["image", "rm", "--force", builder.image, server.image]);
  });

  it.each([
    { app: "builder", image: builder, command: "nix-cache-builder", user: "10001" },
    { app: "cache-server", image: server, command: "nix-cache-server", user: "10002" },
  ])("have $command with its licences, as a user of its own", async ({ app, image, command, user }) => {
    const { version } = await readManifest(`${ROOT}/apps/${app}`);

    expect(await runLocked(image, ["--version"])).toBe(version);
    expect(await runLocked(image, ["--user"], { entrypoint: "id" })).toBe(user);
    expect(await runLocked(image, [`/opt/${command}`], { entrypoint: "ls" })).toContain(
      "THIRD-PARTY-LICENSES",
    );
  });

  it("build, sign and publish a host without rights, and serve it without a writable byte", async () => {
    const site = await tempDirForTest("site");
    await writeFile(`${site}/config.toml`, CONFIG);
    await writeFile(`${site}/flake.nix`, FLAKE);
    await execa("chmod", ["a+rx", site]);
    const [nix, state] = [`nix-test-${process.pid}`, `state-test-${process.pid}`];
    const config = `${site}/config.toml:/etc/nix-cache-builder/config.toml:ro`;
    const writable = { volumes: [config, `${nix}:/nix`, `${state}:${STATE}`, `${site}:/site:ro`] };
    const readOnly = { volumes: [config, `${nix}:/nix:ro`, `${state}:${STATE}:ro`] };
    const name = `server-test-${process.pid}`;
    onTestFinished(async () => {
      await execa(program, ["rm", "--force", name], { reject: false });
      await execa(program, ["volume", "rm", "--force", nix, state]);
    });

    await runLocked(builder, ["-c", PREPARE], { ...writable, entrypoint: "sh" });
    await runLocked(builder, ["run"], writable);
    const links = await runLocked(builder, ["/nix/var/nix/gcroots/nix-cache-builder/nz/1"], {
      ...writable,
      entrypoint: "readlink",
    });
    await runLocked(server, [], { ...readOnly, name });

    const ask = `fetch("http://127.0.0.1:5000/${links.slice("/nix/store/".length, 43)}.narinfo").then((answer) => answer.text()).then(console.log)`;
    await expect
      .poll(
        async () => (await execa(program, ["exec", name, "node", "--eval", ask], { reject: false })).stdout,
      )
      .toMatch(/^Sig: test-1:/m);
  });
});
