/**
 * Finds a place in something sorted.
 *
 * @param count how many places it has
 * @param compare what is at a place against what is wanted: negative before it, 0 at it, positive after it
 * @returns the place; undefined when there is none
 */
export function findSorted(count: number, compare: (place: number) => number): number | undefined {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const order = compare(middle);
    if (order === 0) {
      return middle;
    }
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return undefined;
}
