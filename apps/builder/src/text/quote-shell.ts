/** Writes a word for a POSIX shell, in quotes where it needs them. */
export function quoteShell(word: string): string {
  return /^[\w%+,./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
