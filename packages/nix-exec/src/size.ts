const UNIT_BYTES: ReadonlyMap<string, number> = new Map([
  ["B", 1],
  ["bytes", 1],
  ["KiB", 2 ** 10],
  ["MiB", 2 ** 20],
  ["GiB", 2 ** 30],
  ["TiB", 2 ** 40],
  ["PiB", 2 ** 50],
]);

/**
 * Reads a size as Nix prints it for people, which is as precise as its digits.
 *
 * @throws TypeError for units that Nix does not print
 */
export function parseSize(size: string, unit: string): number {
  const unitBytes = UNIT_BYTES.get(unit);
  if (unitBytes === undefined || !/^-?\d+(\.\d+)?$/.test(size)) {
    throw new TypeError("expected a size in B to PiB");
  }
  // Adding 0 makes 0 of the -0 that `-0.00` would give.
  return Math.round(Number(size) * unitBytes) + 0;
}
