import { parseAllDocuments } from "yaml";

type Versions = Readonly<Record<string, { readonly version: string }>>;
type Names = Readonly<Record<string, string>>;

interface Importer {
  readonly dependencies?: Versions;
  readonly devDependencies?: Versions;
  readonly optionalDependencies?: Versions;
}

interface Snapshot {
  readonly dependencies?: Names;
  readonly optionalDependencies?: Names;
}

interface RegistryEntry {
  readonly resolution: { readonly integrity: string };
  readonly os?: string | readonly string[];
  readonly cpu?: string | readonly string[];
  readonly libc?: string | readonly string[];
}

/** The parts of a lockfile that say what is installed where. */
export interface Lockfile {
  readonly importers: Readonly<Record<string, Importer>>;
  readonly packages: Readonly<Record<string, RegistryEntry>>;
  readonly snapshots: Readonly<Record<string, Snapshot>>;
}

/** Reads a lockfile with a whole YAML parser; its last document is the lockfile proper. */
export function readLock(text: string): Lockfile {
  // Scalars stay strings: `failsafe` knows no others.
  const documents = parseAllDocuments(text, { schema: "failsafe" });
  const lock: Lockfile = documents.at(-1)?.toJS();
  return lock;
}
