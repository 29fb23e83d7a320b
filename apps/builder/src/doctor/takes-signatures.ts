import type { NixVersion } from "@nix-cache/nix-exec";

/** Daemons of older releases of Nix take signatures from trusted users alone; Lix began later, with what this has. */
const FIRST_FOR_ALL = { major: 2, minor: 17 };

/** Whether the store's daemon takes signatures from a user whom it does not trust, which the builder is. */
export function takesSignatures({ major, minor }: Pick<NixVersion, "major" | "minor">): boolean {
  return major > FIRST_FOR_ALL.major || (major === FIRST_FOR_ALL.major && minor >= FIRST_FOR_ALL.minor);
}
