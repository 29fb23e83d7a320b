import { readdir, readFile } from "node:fs/promises";

import { ROOT } from "./places.ts";

/** What is read here of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly private?: boolean;
  readonly repository: { readonly type: string; readonly url: string; readonly directory: string };
  readonly publishConfig: { readonly access: string; readonly provenance: boolean };
  readonly engines: { readonly node: string };
  readonly bin?: Readonly<Record<string, string>>;
  readonly man?: string;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** A package of the registry, where it lies in the checkout. */
export interface PublishedPackage {
  /** Relative to the checkout, such as `packages/nar`. */
  readonly directory: string;
  readonly manifest: Manifest;
}

/** Reads a package.json. */
export async function readManifest(directory: string): Promise<Manifest> {
  return JSON.parse(await readFile(`${directory}/package.json`, "utf8"));
}

/** Lists every package that a release publishes: libraries and apps, sorted by directory. */
export async function listPublished(): Promise<readonly PublishedPackage[]> {
  const groups = await Promise.all(["apps", "packages"].map(listDirectories));
  return Promise.all(
    groups
      .flat()
      .map(async (directory) => ({ directory, manifest: await readManifest(`${ROOT}/${directory}`) })),
  );
}

/** Directories of a group of members, relative to the checkout. */
export async function listDirectories(group: string): Promise<readonly string[]> {
  return (await readdir(`${ROOT}/${group}`)).toSorted().map((name) => `${group}/${name}`);
}
