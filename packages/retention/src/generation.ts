/** A published toplevel of a host: what the plan keeps or drops. */
export interface RetentionGeneration {
  /** Name of the nixosConfiguration. */
  readonly host: string;
  /** Positive integer, unique for the host. */
  readonly number: number;
  /** Store path of `system.build.toplevel`. */
  readonly toplevel: string;
  /** When it was last published or confirmed; the grace period counts from here. */
  readonly publishedAt: Date;
  /**
   * Rank of that publication, 0 for never: the higher is the newer, whatever the clock said.
   * A host that returns to an older toplevel makes that older number its newest generation.
   */
  readonly lastPublication: number;
  /** False where the store no longer holds the toplevel or it failed verification. */
  readonly good: boolean;
  /** True where the administrator asked to keep it. */
  readonly pinned?: boolean;
  /** True where the administrator asked to let it go; a newest good, pinned or used one stays all the same. */
  readonly dismissed?: boolean;
}

/** Orders generations from the oldest publication to the newest, the same way for any input order. */
export function compareByAge(a: RetentionGeneration, b: RetentionGeneration): number {
  return a.lastPublication - b.lastPublication || a.number - b.number || compareText(a.host, b.host);
}

/** Orders generations by host name, then by number. */
export function compareByName(a: RetentionGeneration, b: RetentionGeneration): number {
  return compareText(a.host, b.host) || a.number - b.number;
}

/** Orders by UTF-16 code units: a locale would make the plan depend on the machine. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
