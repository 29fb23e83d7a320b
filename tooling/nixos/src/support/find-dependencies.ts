import { posix } from "node:path";

import type { Lockfile } from "./read-lock.ts";

/** Options of {@link findDependencies}. */
export interface FindOptions {
  readonly roots: readonly string[];
  readonly omit?: readonly string[];
}

/** A package as the lockfile reader gives it, but for its directory. */
interface Package {
  readonly name: string;
  readonly version: string;
  readonly url: string;
  readonly hash: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

interface Member {
  readonly dependencies: Record<string, string>;
  readonly links: Record<string, string>;
}

/** What the lockfile reader has to find for Linux on x86_64 with glibc, found in another way. */
export interface Dependencies {
  readonly members: Readonly<Record<string, Member>>;
  readonly packages: Readonly<Record<string, Package>>;
}

/** Walks from the roots along links, dependencies and runnable optional dependencies. */
export function findDependencies(lock: Lockfile, { roots, omit = [] }: FindOptions): Dependencies {
  const members = new Map<string, Member>();
  const packages = new Map<string, Package>();
  const visitPackage = (key: string): void => {
    if (packages.has(key)) return;
    const found = describePackage(lock, key);
    packages.set(key, found);
    for (const dependency of Object.values(found.dependencies)) visitPackage(dependency);
  };
  const visitMember = (path: string): void => {
    if (members.has(path)) return;
    const member = describeMember(lock, path, roots.includes(path) ? omit : undefined);
    members.set(path, member);
    for (const key of Object.values(member.dependencies)) visitPackage(key);
    for (const target of Object.values(member.links)) visitMember(target);
  };
  for (const root of roots) visitMember(root);
  return { members: Object.fromEntries(members), packages: Object.fromEntries(packages) };
}

/** Of a root also the development dependencies, without those omitted. */
function describeMember(lock: Lockfile, path: string, omit: readonly string[] | undefined): Member {
  const importer = lock.importers[path];
  const member: Member = { dependencies: {}, links: {} };
  const sections = [importer?.dependencies, omit === undefined ? undefined : importer?.devDependencies];
  for (const [name, { version }] of sections.flatMap((section) => Object.entries(section ?? {}))) {
    if (omit?.includes(name) === true) continue;
    if (version.startsWith("link:")) member.links[name] = posix.join(path, version.slice("link:".length));
    else member.dependencies[name] = toKey(lock, name, version);
  }
  for (const [name, { version }] of Object.entries(importer?.optionalDependencies ?? {})) {
    const key = toKey(lock, name, version);
    if (isRunnable(lock, key)) member.dependencies[name] = key;
  }
  return member;
}

function describePackage(lock: Lockfile, key: string): Package {
  const id = withoutPeers(key);
  const at = id.lastIndexOf("@");
  const [name, version] = [id.slice(0, at), id.slice(at + 1)];
  const snapshot = lock.snapshots[key];
  const required = Object.entries(snapshot?.dependencies ?? {}).map(
    ([alias, value]) => [alias, toKey(lock, alias, value)] as const,
  );
  const optional = Object.entries(snapshot?.optionalDependencies ?? {})
    .map(([alias, value]) => [alias, toKey(lock, alias, value)] as const)
    .filter(([, dependency]) => isRunnable(lock, dependency));
  return {
    name,
    version,
    url: `https://registry.npmjs.org/${name}/-/${posix.basename(name)}-${version}.tgz`,
    hash: lock.packages[id]?.resolution.integrity ?? "",
    dependencies: Object.fromEntries([...required, ...optional]),
  };
}

/** The lockfile has a snapshot under the name and version, or else the version is a whole key. */
function toKey(lock: Lockfile, name: string, version: string): string {
  return `${name}@${version}` in lock.snapshots ? `${name}@${version}` : version;
}

function withoutPeers(key: string): string {
  return key.split("(", 1).join("");
}

function isRunnable(lock: Lockfile, key: string): boolean {
  const { os, cpu, libc } = lock.packages[withoutPeers(key)] ?? {};
  return isAllowed(os, "linux") && isAllowed(cpu, "x64") && isAllowed(libc, "glibc");
}

/** A name stands for a list of one. */
function isAllowed(names: string | readonly string[] = [], value: string): boolean {
  const list = [names].flat();
  if (list.includes(`!${value}`)) return false;
  return list.includes(value) || list.every((name) => name.startsWith("!"));
}
