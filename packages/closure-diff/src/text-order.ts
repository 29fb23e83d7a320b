/** Puts texts in an order that is the same everywhere: by UTF-16 units, whatever the locale. */
export function compareTexts(first: string, second: string): number {
  if (first === second) return 0;
  return first < second ? -1 : 1;
}
