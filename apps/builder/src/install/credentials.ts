import { formatValue } from "./systemd-syntax.ts";
import type { UnitSection } from "./unit-data.ts";

/** A secret that systemd reads as root and hands to a service. */
export interface Credential {
  readonly id: string;
  readonly file: string;
}

/**
 * Writes which secrets a service gets. The default, a newline, stands in for a file that is not there, which would keep the
 * unit from starting.
 *
 * @see https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#LoadCredential=ID:PATH
 */
export function formatCredentials(credentials: readonly Credential[]): UnitSection {
  if (credentials.length === 0) return {};
  return {
    LoadCredential: credentials.map(({ file, id }) => formatValue(`${id}:${file}`)),
    SetCredential: credentials.map(({ id }) => `${id}:\\n`),
  };
}
