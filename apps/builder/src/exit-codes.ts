/** Exit codes of nix-cache-builder; the last three follow sysexits.h. */
export const EXIT = {
  /** SUCCESS and PARTIAL. */
  ok: 0,
  failed: 1,
  usage: 2,
  /** EX_UNAVAILABLE: the repository cannot be reached and there is no earlier checkout. */
  noSource: 69,
  /** EX_TEMPFAIL: another command holds the run lock. */
  locked: 75,
  /** EX_CONFIG */
  configuration: 78,
} as const;
