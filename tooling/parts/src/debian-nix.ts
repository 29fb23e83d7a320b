import { chmod, mkdir, writeFile } from "node:fs/promises";

import { execa } from "execa";

import { fetchDebianPackages } from "./debian-packages.ts";

/** Debian releases and the Nix of each: 2.8, 2.26 and 2.34. */
export const NIX_SUITES = ["bookworm", "trixie", "sid"] as const;

/**
 * Fetches Debian's Nix of a release with its libraries.
 *
 * @returns directory with `nix` and `nix-store`
 */
export async function fetchDebianNix(suite: (typeof NIX_SUITES)[number]): Promise<string> {
  const root = await fetchDebianPackages({
    name: `debian-${suite}-nix`,
    suite,
    packages: ["nix-bin"],
    prepare: writeWrappers,
  });
  return `${root}/wrapped`;
}

/**
 * The libraries of another release run only under that release's loader. So started, Nix cannot start itself, which it
 * does for its build hook alone; the one that takes its place says that there are no remote builders.
 */
async function writeWrappers(unpacked: string, root: string): Promise<void> {
  const directories = await find(unpacked, "-name", "*.so*", "-printf", "%h\\n");
  const libraries = [...new Set(directories)].filter((path) => /linux-gnu(\/nix)?$|\/lib$/.test(path));
  const [loader = ""] = await find(unpacked, "-name", "ld-linux-*.so.*", "-type", "f");
  const words = [loader, "--argv0", '"$0"', "--library-path", libraries.join(":"), `${unpacked}/usr/bin/nix`];
  const script = `#!/bin/sh
export NIX_CONFIG="$NIX_CONFIG
build-hook = ${root}/wrapped/decline"
exec ${words.join(" ").replaceAll(unpacked, root)} "$@"
`;
  await mkdir(`${unpacked}/wrapped`);
  for (const name of ["nix", "nix-store", "nix-build", "nix-instantiate"]) {
    await writeProgram(`${unpacked}/wrapped/${name}`, script);
  }
  await writeProgram(`${unpacked}/wrapped/decline`, "#!/bin/sh\necho '# decline-permanently' >&2\n");
}

async function writeProgram(file: string, text: string): Promise<void> {
  await writeFile(file, text);
  await chmod(file, 0o755);
}

async function find(...argv: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await execa("find", argv);
  return stdout.split("\n");
}
