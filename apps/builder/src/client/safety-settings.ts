/**
 * A cache that is off must not keep a client from building: it is given up soon, and what it lacks is built. Nix makes five
 * attempts by itself, and a machine that is off takes the whole timeout of each.
 */
const SAFETY = [
  ["connect-timeout", "5"],
  ["download-attempts", "2"],
  ["fallback", "true"],
] as const;

/** Lines of nix.conf that keep a client from waiting for a cache that is off. */
export const SAFETY_CONF: readonly string[] = SAFETY.map(([key, value]) => `${key} = ${value}`);

/** The same as attributes of `nix.settings`. */
export const SAFETY_ATTRIBUTES: readonly string[] = SAFETY_CONF.map((line) => `${line};`);
