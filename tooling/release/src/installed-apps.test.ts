import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { text } from "node:stream/consumers";

import { execa } from "execa";
import { describe, expect, it, onTestFinished } from "vitest";

import { makeSite } from "./support/configuration.ts";
import { installApp } from "./support/install-app.ts";
import { listPublished } from "./support/members.ts";

const APPS = (await listPublished())
  .filter(({ directory }) => directory.startsWith("apps/"))
  .map(({ directory, manifest }) => ({
    app: directory.replace("apps/", ""),
    version: manifest.version,
    commands: Object.keys(manifest.bin ?? {}),
  }));

/** What a server on a unix socket says at an address. */
function ask(socketPath: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ socketPath, path }, (response) => resolve(text(response)))
      .on("error", reject)
      .end();
  });
}

describe.each(APPS)("the installed package of $app", ({ app, version, commands }) => {
  it("has a command that tells its version", async () => {
    const bin = await installApp(app);

    const answers = await Promise.all(commands.map((command) => execa(`${bin}/${command}`, ["--version"])));

    expect(answers.map(({ stdout }) => stdout)).toEqual([version]);
  });
});

describe("the installed nix-cache-builder", () => {
  it("syncs a repository", async () => {
    const bin = await installApp("builder");
    const { root, config } = await makeSite();

    await execa(`${bin}/nix-cache-builder`, ["sync", "--config", config]);

    expect(await readFile(`${root}/builder/flake/flake.nix`, "utf8")).toBe("{ outputs = _: { }; }\n");
  });
});

describe("the installed nix-cache-server", () => {
  it("serves a store", async () => {
    const bin = await installApp("cache-server");
    const { config, socket } = await makeSite();
    const server = execa(`${bin}/nix-cache-server`, ["--config", config], { reject: false });
    onTestFinished(async () => {
      server.kill();
      await server;
    });

    await expect.poll(() => ask(socket, "/nix-cache-info")).toMatch(/^StoreDir: \/.*\/store\n/);
  });
});
