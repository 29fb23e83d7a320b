import type { ClosurePath, FileFingerprint, SystemClosure, SystemFacts } from "../src/index.ts";

/** A store path; builds tell apart those with the same name. */
export function storePath(name: string, build = "0"): string {
  return `/nix/store/${build.padStart(32, "0")}-${name}`;
}

/** A part of a closure that needs nothing else. */
export interface Part {
  readonly name: string;
  readonly build?: string;
  readonly narSize?: number;
}

/** A system of parts that its toplevel needs, each of 1000 bytes as is the toplevel. */
export function system(needed: readonly Part[], facts?: SystemFacts, build = "0"): SystemClosure {
  const toplevel = storePath("nixos-system-nz-26.05", build);
  const paths = new Map<string, ClosurePath>();
  for (const { name, build: partBuild = "0", narSize = 1000 } of needed) {
    paths.set(storePath(name, partBuild), { narSize, references: [] });
  }
  const references = [...paths.keys()];
  paths.set(toplevel, { narSize: 1000, references });
  return { toplevel, paths, ...(facts === undefined ? {} : { facts }) };
}

/** The same after it changed: its toplevel has the same name, and another hash part. */
export function nextSystem(needed: readonly Part[], facts?: SystemFacts): SystemClosure {
  return system(needed, facts, "1");
}

/** Parts with one path each, from their names. */
export function parts(...names: readonly string[]): readonly Part[] {
  return names.map((name) => ({ name }));
}

/** Files by name, each as `exact` or as `exact/content`. */
export function files(entries: Readonly<Record<string, string>>): ReadonlyMap<string, FileFingerprint> {
  return new Map(
    Object.entries(entries).map(([name, text]) => {
      const [exact = "", content = exact] = text.split("/");
      return [name, { exact, content }];
    }),
  );
}
