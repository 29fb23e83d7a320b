import { mkdir, readdir, readFile, realpath, symlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { execa } from "execa";
import { describe, expect, it } from "vitest";

import { ROOT } from "./support/places.ts";
import { tempDirForTest } from "./support/temp-dir.ts";

const LIBRARIES = await readdir(`${ROOT}/packages`);

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
}

/**
 * Installs a library the way its tarball would be, in a directory without a workspace: its own files from
 * `pnpm pack`, and of everything else only what its package.json declares.
 */
async function installAlone(library: string, directory: string): Promise<Manifest> {
  const source = `${ROOT}/packages/${library}`;
  await execa("pnpm", ["pack", "--out", `${directory}/package.tgz`], { cwd: source });
  const target = `${directory}/node_modules/@nix-cache/${library}`;
  await mkdir(target, { recursive: true });
  await execa("tar", ["xzf", `${directory}/package.tgz`, "-C", target, "--strip-components=1"]);
  const manifest: Manifest = JSON.parse(await readFile(`${target}/package.json`, "utf8"));
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    const link = `${directory}/node_modules/${name}`;
    await mkdir(dirname(link), { recursive: true });
    await symlink(await realpath(`${source}/node_modules/${name}`), link);
  }
  return manifest;
}

/** The examples of a README, which are its blocks of TypeScript. */
async function readExamples(library: string): Promise<readonly string[]> {
  const readme = await readFile(`${ROOT}/packages/${library}/README.md`, "utf8");
  return [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, example = ""]) => example);
}

const PACKAGES = await Promise.all(
  LIBRARIES.map(async (library) => [library, await readExamples(library)] as const),
);

describe.each(PACKAGES)("@nix-cache/%s", (library, examples) => {
  it("can be imported from its tarball alone", async () => {
    const directory = await tempDirForTest("package");
    const { name, exports } = await installAlone(library, directory);
    const entries = Object.keys(exports).filter((entry) => entry !== "./package.json");
    const imports = entries.map((entry) => `await import("${name}${entry.slice(1)}")`).join(", ");

    const { stdout } = await execa(
      "node",
      ["--input-type=module", "--eval", `console.log([${imports}].every((m) => Object.keys(m).length > 0))`],
      { cwd: directory },
    );

    expect(stdout).toBe("true");
  });

  it("has an example in its README", () => {
    expect(examples).not.toEqual([]);
  });

  it.each(examples.keys().toArray())("runs its README's example %i from its tarball alone", async (index) => {
    const directory = await tempDirForTest("package");
    await installAlone(library, directory);
    await writeFile(`${directory}/example.ts`, examples[index] ?? "");

    const { exitCode, stderr } = await execa("node", ["example.ts"], { cwd: directory, reject: false });

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });
});
