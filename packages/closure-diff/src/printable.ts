/** What a terminal or a page would not show but obey: control and format characters, line separators, lone surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Makes a name from a store fit to be shown: file names may hold any byte. */
export function toPrintable(text: string): string {
  return text.replace(UNPRINTABLE, "\uFFFD");
}
