import { appendFile, readFile, writeFile } from "node:fs/promises";
import { basename, dirname } from "node:path";

import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

import { askSocket } from "./support/ask-socket.ts";
import { type FlakeSite, makeFlakeSite } from "./support/flake-site.ts";
import { bundleWithTsup, type Files, readFilesOf } from "./support/npm-bundle.ts";
import { canSandbox } from "./support/sandbox.ts";

const APPS = [
  { app: "apps/builder", name: "nix-cache-builder", runtime: ["git", "nodejs", "openssh", "util-linux"] },
  { app: "apps/cache-server", name: "nix-cache-server", runtime: ["nodejs"] },
] as const;

/** Nix's name for this machine. */
const SYSTEM = process.arch === "arm64" ? "aarch64-linux" : "x86_64-linux";

const WHERE = canSandbox()
  ? "in Nix's sandbox"
  : "without a sandbox, which this machine does not let this user have";

let site: FlakeSite;
const npmBundles = new Map<string, Files>();
const built = new Map<string, string>();

/** Store path of a package that was built. */
function outputOf(name: string): string {
  const output = built.get(name);
  if (output === undefined) throw new Error(`expected ${name} to be built`);
  return output;
}

/** Names of store paths, without hash and version. */
function toNames(storePaths: readonly string[]): string[] {
  return storePaths.map((path) =>
    basename(path)
      .replace(/^[^-]*-/, "")
      .replace(/-[0-9].*/, ""),
  );
}

beforeAll(async () => {
  site = await makeFlakeSite();
  // At once, and before what takes longer: somebody may be working on the sources.
  for (const { app, name } of APPS) npmBundles.set(name, await bundleWithTsup(app));
  for (const { name } of APPS) {
    const [result]: [{ outputs: { out: string } }] = JSON.parse(
      await site.nix("build", "--no-link", "--json", `.#${name}`),
    );
    built.set(name, result.outputs.out);
  }
});

afterAll(() => site[Symbol.asyncDispose]());

describe.each(APPS)(`the Nix package $name, built ${WHERE}`, ({ app, name, runtime }) => {
  it("tells its version", async () => {
    const manifest: { version: string } = JSON.parse(
      await readFile(`${site.tree}/${app}/package.json`, "utf8"),
    );

    const { stdout } = await execa(`${outputOf(name)}/bin/${name}`, ["--version"]);

    expect(stdout).toBe(manifest.version);
  });

  it("has the bundle of the npm package, byte for byte", async () => {
    const { "package.json": manifest, ...bundle } = await readFilesOf(`${outputOf(name)}/lib/${name}`);

    expect(Object.keys(bundle)).toEqual(Object.keys(npmBundles.get(name) ?? {}));
    expect(bundle).toEqual(npmBundles.get(name));
    expect(manifest).toBe(await readFile(`${site.tree}/${app}/package.json`, "utf8"));
  });

  it("needs nothing at run time but Node and what it runs", async () => {
    const references = await site.store("--query", "--references", outputOf(name));

    const others = references.filter((path) => path !== outputOf(name));

    expect(toNames(others).toSorted()).toEqual(runtime);
  });

  it("is the same when it is built again", async () => {
    await expect(site.nix("build", "--no-link", "--rebuild", `.#${name}`)).resolves.toBe("");
  });

  it("has licences and a manual page", async () => {
    const share = `${outputOf(name)}/share`;

    const licenses = await readFilesOf(`${share}/licenses/${name}`);
    const manual = await readFilesOf(`${share}/man/man8`);

    expect(licenses).toEqual({
      LICENSE: await readFile(`${site.tree}/LICENSE`, "utf8"),
      "THIRD-PARTY-LICENSES": await readFile(`${site.tree}/${app}/THIRD-PARTY-LICENSES`, "utf8"),
    });
    expect(manual).toEqual({ [`${name}.8`]: await readFile(`${site.tree}/${app}/man/${name}.8`, "utf8") });
  });

  it("is what `nix run` starts", async () => {
    const program = await site.nix("eval", "--raw", `.#apps.${SYSTEM}.${name}.program`);

    expect(program).toBe(`${outputOf(name)}/bin/${name}`);
  });

  it("has no link that leads nowhere", async () => {
    const { stdout } = await execa("find", [outputOf(name), "-xtype", "l"]);

    expect(stdout).toBe("");
  });
});

describe("the Nix package nix-cache-builder", () => {
  it.each([
    ["bash", "bash-completion/completions/nix-cache-builder"],
    ["zsh", "zsh/site-functions/_nix-cache-builder"],
    ["fish", "fish/vendor_completions.d/nix-cache-builder.fish"],
  ])("has completions for %s", async (shell, file) => {
    const { stdout } = await execa(`${outputOf("nix-cache-builder")}/bin/nix-cache-builder`, [
      "completion",
      shell,
    ]);

    expect(await readFile(`${outputOf("nix-cache-builder")}/share/${file}`, "utf8")).toBe(`${stdout}\n`);
  });

  it("says whether a configuration can be used", async () => {
    const file = `${dirname(site.tree)}/builder.json`;
    await writeFile(
      file,
      JSON.stringify({ builder: { flakeRepo: "/srv/fleet", hosts: ["desktop"], hots: [] } }),
    );

    const checked = await execa(
      `${outputOf("nix-cache-builder")}/bin/nix-cache-builder`,
      ["check-config", "--config", file],
      {
        reject: false,
      },
    );

    expect(checked).toMatchObject({ exitCode: 78, stderr: expect.stringContaining("builder.hots") });
  });
});

describe("the Nix package nix-cache-server", () => {
  it("serves the store that it was built into", async () => {
    const socket = `${dirname(site.tree)}/server.sock`;
    const file = `${dirname(site.tree)}/server.json`;
    const { storeDir, stateDir } = site;
    await writeFile(
      file,
      JSON.stringify({ nix: { storeDir, stateDir }, cacheServer: { host: `unix:${socket}` } }),
    );
    const output = outputOf("nix-cache-server");

    const server = execa(`${output}/bin/nix-cache-server`, ["--config", file], { reject: false });
    onTestFinished(async () => {
      server.kill();
      await server;
    });

    await expect.poll(() => askSocket(socket, "/nix-cache-info")).toContain(`StoreDir: ${storeDir}\n`);
    const narinfo = await askSocket(socket, `/${basename(output).slice(0, 32)}.narinfo`);
    expect(narinfo).toContain(`StorePath: ${output}\n`);
  });
});

describe("the flake", () => {
  it("shows packages, apps, modules, an overlay, checks and a formatter", async () => {
    const shown: Record<string, Record<string, unknown>> = JSON.parse(
      await site.nix("flake", "show", "--json"),
    );
    const systems = { "aarch64-linux": expect.anything(), "x86_64-linux": expect.anything() };

    expect(shown).toMatchObject({
      packages: systems,
      apps: systems,
      checks: systems,
      formatter: systems,
      nixosModules: { builder: expect.anything(), client: expect.anything(), default: expect.anything() },
      overlays: { default: expect.anything() },
    });
  });

  it("passes its checks, with a stand-in for NixOS and its virtual machines", async () => {
    await expect(site.nix("flake", "check")).resolves.toBe("");
  });

  it("names the packages of its overlay without looking at those that it is given", async () => {
    const names = await site.nix(
      "eval",
      "--json",
      ".#overlays.default",
      "--apply",
      "o: builtins.attrNames (o { } { })",
    );

    expect(JSON.parse(names)).toEqual(["nix-cache-builder", "nix-cache-server"]);
  });

  it("takes esbuild for the platform that builds", async () => {
    const drv = await site.nix("eval", "--raw", ".#packages.aarch64-linux.nix-cache-server.drvPath");

    const inputs = toNames(await site.store("--query", "--references", drv));

    expect(inputs.filter((name) => name.startsWith("esbuild"))).toEqual(["esbuild-linux-arm64"]);
  });

  it("builds anew for a change to a source, and not for one to a test or a README", async () => {
    const evaluate = (): Promise<string> => site.nix("eval", "--raw", ".#nix-cache-server.drvPath");
    const before = await evaluate();

    await appendFile(`${site.tree}/apps/cache-server/README.md`, "\n");
    await appendFile(`${site.tree}/packages/narinfo/src/verify.test.ts`, "\n");
    const afterOthers = await evaluate();
    await appendFile(`${site.tree}/packages/narinfo/src/index.ts`, "\n");
    const afterSource = await evaluate();

    expect(afterOthers).toBe(before);
    expect(afterSource).not.toBe(before);
  });
});
