import { readFile } from "node:fs/promises";

import { fetchDebianPackages } from "@nix-cache/tooling-parts";

/** Shells that a test machine seldom has, unpacked somewhere. */
export interface Shells {
  /** The directory that stands for `/`. */
  readonly root: string;
  readonly zsh: string;
  readonly fish: string;
  /** What they need to run from there. */
  readonly env: Readonly<Record<string, string>>;
}

/** Fetches zsh and fish of the Debian release that this is, whose libraries the machine's own loader takes. */
export async function fetchShells(): Promise<Shells> {
  const suite = /^VERSION_CODENAME=(\w+)$/m.exec(await readFile("/etc/os-release", "utf8"))?.[1];
  if (suite === undefined) throw new Error("expected a Debian release in /etc/os-release");
  const root = await fetchDebianPackages({
    name: `debian-${suite}-shells`,
    suite,
    packages: ["zsh", "fish"],
  });
  const triplet = `${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu`;
  return {
    root,
    zsh: `${root}/bin/zsh`,
    fish: `${root}/usr/bin/fish`,
    env: {
      LD_LIBRARY_PATH: [`${root}/lib/${triplet}`, `${root}/usr/lib/${triplet}`].join(":"),
      ZSH_MODULES: `${root}/usr/lib/${triplet}/zsh`,
    },
  };
}
