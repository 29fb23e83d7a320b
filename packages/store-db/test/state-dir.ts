import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A state directory of a test's own, removed at the end of its scope. */
export interface StateDir extends Disposable {
  readonly stateDir: string;
  readonly dbDir: string;
  readonly file: string;
}

/** Path of a file below test/fixtures. */
export function fixture(name: string): string {
  return join(import.meta.dirname, "fixtures", name);
}

/** Reads what Nix itself said about a fixture database. */
export function readGolden(name: string): GoldenInfo[] {
  return JSON.parse(readFileSync(fixture(name), "utf8"));
}

/** One path in the output of `nix path-info --json` of Nix 2.8. */
export interface GoldenInfo {
  readonly path: string;
  readonly narHash: string;
  readonly narSize: number;
  readonly references: readonly string[];
  readonly deriver?: string;
  readonly signatures?: readonly string[];
  readonly ca?: string;
  readonly registrationTime: number;
  readonly ultimate?: boolean;
}

/** Makes an empty state directory that any user may read. */
export function makeStateDir(): StateDir {
  const stateDir = mkdtempSync(join(tmpdir(), "store-db-"));
  const dbDir = join(stateDir, "db");
  mkdirSync(dbDir);
  chmodSync(stateDir, 0o755);
  return {
    stateDir,
    dbDir,
    file: join(dbDir, "db.sqlite"),
    [Symbol.dispose]() {
      chmodSync(dbDir, 0o755);
      rmSync(stateDir, { recursive: true });
    },
  };
}

/** Makes a state directory with a copy of a fixture as its database. */
export function copyToStateDir(name: string): StateDir {
  const state = makeStateDir();
  copyFileSync(fixture(name), state.file);
  chmodSync(state.file, 0o644);
  return state;
}

/** The user and group that own nothing (Linux: the overflow ids). */
const NOBODY = 65534;

/**
 * Runs `use` without the powers of root: as nobody where the tests run as root, else as the user they run as.
 */
export function withoutRoot<Result>(use: () => Result): Result {
  const { geteuid, getegid, seteuid, setegid } = process;
  if (!geteuid || !getegid || !seteuid || !setegid)
    throw new Error("expected a main thread of a POSIX system");
  const [user, group] = [geteuid(), getegid()];
  if (user !== 0) return use();
  setegid(NOBODY);
  seteuid(NOBODY);
  try {
    return use();
  } finally {
    seteuid(user);
    setegid(group);
  }
}
