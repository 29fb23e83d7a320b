import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-codes.ts";

/** What a line of a unit cannot hold in any spelling: it would end there. */
const UNWRITABLE = /[\p{Cc}\u2028\u2029]/u;

/** A word that needs no quotes. */
const PLAIN_WORD = /^[\w+,./:=@~^%$-]+$/;

/**
 * Writes a value that systemd reads to the end of its line.
 *
 * @throws {@link CommandError} 78 for one that systemd would read differently
 * @see https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html
 */
export function formatValue(value: string): string {
  if (UNWRITABLE.test(value) || /\\$|^\s|\s$/.test(value)) throw unwritable(value);
  return escapeSpecifiers(value);
}

/** Writes one of several words of a value, or of a line of tmpfiles.d(5), in quotes where it needs them. */
export function formatWord(word: string): string {
  if (UNWRITABLE.test(word)) throw unwritable(word);
  const escaped = escapeSpecifiers(word);
  if (PLAIN_WORD.test(escaped)) return escaped;
  return `"${escaped.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** Writes a command line for ExecStart=, in which a dollar sign stands twice, too. */
export function formatCommand(words: readonly string[]): string {
  return words.map((word) => formatWord(word).replaceAll("$", "$$$$")).join(" ");
}

/** systemd.unit(5), "Specifiers": a percent sign stands twice. */
function escapeSpecifiers(text: string): string {
  return text.replaceAll("%", "%%");
}

function unwritable(value: string): CommandError {
  const shown = JSON.stringify(value);
  return new CommandError(`${shown} cannot be written into a unit: choose another name`, EXIT.configuration);
}
