const UNIT_BYTES: Readonly<Record<string, number>> = {
  B: 1,
  bytes: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
  PiB: 2 ** 50,
};

/**
 * Reads a size as Nix prints it for people, which is as precise as its digits.
 *
 * @throws TypeError for units that Nix does not print
 */
export function parseSize(size: string, unit: string): number {
  const unitBytes = UNIT_BYTES[unit];
  if (unitBytes === undefined || !/^-?\d+(\.\d+)?$/.test(size)) {
    throw new TypeError("expected a size in B to PiB");
  }
  return Math.round(Number(size) * unitBytes);
}
