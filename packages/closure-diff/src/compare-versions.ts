/** Largest `int` of C++, as which Nix reads a component; one with a larger number counts as text. */
const MAX_INT = 2 ** 31 - 1;

/** A longest run of digits, or of what is neither digit nor separator. */
const COMPONENT = /[0-9]+|[^0-9.-]+/g;

/**
 * Compares two versions as `builtins.compareVersions` does.
 *
 * @returns -1, 0 or 1: the first is lower, as high, or higher
 * @see compareVersions in Nix's src/libstore/names.cc
 */
export function compareVersions(first: string, second: string): -1 | 0 | 1 {
  const firsts: readonly string[] = first.match(COMPONENT) ?? [];
  const seconds: readonly string[] = second.match(COMPONENT) ?? [];
  for (let index = 0; index < Math.max(firsts.length, seconds.length); index++) {
    const order = compareComponents(firsts[index] ?? "", seconds[index] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}

function compareComponents(first: string, second: string): -1 | 0 | 1 {
  if (isLower(first, second)) return -1;
  return isLower(second, first) ? 1 : 0;
}

/** Nothing is lower than a number, `pre` lower than all else, and text lower than a number: 2.3a < 2.3.1. */
function isLower(first: string, second: string): boolean {
  const firstNumber = toInt(first);
  const secondNumber = toInt(second);
  if (firstNumber !== undefined && secondNumber !== undefined) return firstNumber < secondNumber;
  if (first === "" && secondNumber !== undefined) return true;
  if (first === "pre" && second !== "pre") return true;
  if (second === "pre") return false;
  if (secondNumber !== undefined) return true;
  if (firstNumber !== undefined) return false;
  return first < second;
}

function toInt(component: string): number | undefined {
  if (!/^[0-9]+$/.test(component)) return undefined;
  const value = Number(component);
  return value <= MAX_INT ? value : undefined;
}
