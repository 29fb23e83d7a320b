/** Sorts by bytes of UTF-8 and drops duplicates, as Nix's `std::set<std::string>` does. */
export function sortedSet(values: Iterable<string>): string[] {
  return [...new Set(values)].toSorted(compareBytes);
}

/** The bytes of UTF-8 order as the code points do; JavaScript's own `<` orders UTF-16 units. */
function compareBytes(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  let index = 0;
  while (index < end && a.charCodeAt(index) === b.charCodeAt(index)) index++;
  return (a.codePointAt(index) ?? -1) - (b.codePointAt(index) ?? -1);
}
