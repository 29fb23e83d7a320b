/**
 * Reads words the way systemd does, `extract_first_word` of src/basic/extract-word.c with EXTRACT_UNQUOTE and
 * EXTRACT_CUNESCAPE, and then specifiers, of which the doubled percent sign alone is known here.
 */
export function readWords(line: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let index = 0; index < line.length; index++) {
    const character = line.charAt(index);
    if (character === "\\") word = (word ?? "") + line.charAt(++index);
    else if (character === quote) quote = "";
    else if (quote === "" && /["']/.test(character)) {
      quote = character;
      word ??= "";
    } else if (quote === "" && /[ \t\n\r]/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + character;
  }
  if (word !== undefined) words.push(word);
  return words.map(readSpecifiers);
}

/** Reads a value that is not split into words. */
export function readSpecifiers(text: string): string {
  if (/(?<!%)(?:%%)*%(?!%)/.test(text)) throw new Error(`expected no specifier, found ${text}`);
  return text.replaceAll("%%", "%");
}
