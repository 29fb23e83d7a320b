import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-codes.ts";
import { formatValue } from "./systemd-syntax.ts";
import type { UnitSection } from "./unit-data.ts";

/** systemd 257 hands paths as plain words to the process that starts the service, which then refuses to. */
const UNLOADABLE = /[\s"'\\]/;

/** A secret that systemd reads as root and hands to a service. */
export interface Credential {
  readonly id: string;
  readonly file: string;
}

/**
 * Writes which secrets a service gets. The default, a newline, stands in for a file that is not there, which would keep the
 * unit from starting. Beside each secret stands the path of its file, so that a program can tell when its configuration
 * names another one by now; specifiers are not expanded there.
 *
 * @throws {@link CommandError} 78 for a file that systemd cannot load
 * @see https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#LoadCredential=ID:PATH
 */
export function formatCredentials(credentials: readonly Credential[]): UnitSection {
  if (credentials.length === 0) return {};
  for (const { file } of credentials) requireLoadable(file);
  return {
    LoadCredential: credentials.map(({ file, id }) => formatValue(`${id}:${file}`)),
    SetCredential: credentials.flatMap(({ file, id }) => [`${id}:\\n`, `${id}.path:${file}`]),
  };
}

function requireLoadable(file: string): void {
  if (!UNLOADABLE.test(file)) return;
  throw new CommandError(
    `systemd cannot load ${JSON.stringify(file)}: choose a path without blanks, quotes and backslashes`,
    EXIT.configuration,
  );
}
