import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { findCommands, requireServer } from "./find-commands.ts";

let directory: string;

beforeEach(() => {
  directory = realpathSync(mkdtempSync(`${tmpdir()}/commands-`));
});

afterEach(() => rmSync(directory, { recursive: true }));

function makeFile(path: string): string {
  mkdirSync(dirname(`${directory}/${path}`), { recursive: true });
  writeFileSync(`${directory}/${path}`, "");
  return `${directory}/${path}`;
}

const NODE = { execPath: "/usr/bin/node", execArgv: [], searchPath: [] };

describe("findCommands", () => {
  it("starts packages of npm by their scripts, which stay where they are through an upgrade", () => {
    const builder = makeFile("lib/node_modules/@nix-cache/builder/dist/main.js");
    const server = makeFile("lib/node_modules/@nix-cache/cache-server/dist/main.js");
    symlinkSync(builder, `${directory}/nix-cache-builder`);

    expect(findCommands({ ...NODE, script: `${directory}/nix-cache-builder` })).toEqual({
      builder: ["/usr/bin/node", builder],
      server: ["/usr/bin/node", server],
    });
  });

  it("starts a checkout with the options that it was started with", () => {
    const builder = makeFile("apps/builder/src/main.ts");
    const server = makeFile("apps/cache-server/src/main.ts");
    const execArgv = ["--conditions=@nix-cache/source"];

    expect(findCommands({ ...NODE, execArgv, script: builder })).toEqual({
      builder: ["/usr/bin/node", ...execArgv, builder],
      server: ["/usr/bin/node", ...execArgv, server],
    });
  });

  it("starts what a profile of Nix names, and not the one version of it", () => {
    const script = makeFile("store/abc-builder/lib/main.js");
    const bins = ["nix-cache-builder", "nix-cache-server"].map((name) =>
      makeFile(`store/abc-builder/bin/${name}`),
    );
    mkdirSync(`${directory}/profile/bin`, { recursive: true });
    for (const bin of bins) symlinkSync(bin, `${directory}/profile/bin/${basename(bin)}`);
    const searchPath = ["/usr/bin", `${directory}/profile/bin`];

    expect(findCommands({ ...NODE, script, searchPath, storeDir: `${directory}/store` })).toEqual({
      builder: [`${directory}/profile/bin/nix-cache-builder`],
      server: [`${directory}/profile/bin/nix-cache-server`],
    });
    expect(findCommands({ ...NODE, script, storeDir: `${directory}/store` }).builder).toEqual([bins[0]]);
  });

  it("takes a server that is on PATH, and says when there is none", () => {
    const script = makeFile("opt/main.js");
    const server = makeFile("bin/nix-cache-server");
    const found = findCommands({ ...NODE, script, searchPath: [`${directory}/bin`] });

    expect(found.server).toEqual([server]);
    expect(() => requireServer(findCommands({ ...NODE, script }))).toThrow("cacheServer.enable = false");
  });
});
