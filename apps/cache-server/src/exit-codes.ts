/** Exit codes of nix-cache-server; the last follows sysexits.h. */
export const EXIT = {
  ok: 0,
  /** It cannot start, or broke down. */
  failed: 1,
  usage: 2,
  /** EX_CONFIG */
  configuration: 78,
} as const;
