const UNITS = ["kB", "MB", "GB", "TB", "PB", "EB"] as const;

/** One unit up. */
const STEP = 1000;

/**
 * Writes a size for people, in units of 1000 as the configuration has them: `0 B`, `999 B`, `1.23 GB`, `45.6 GB`,
 * `789 GB`.
 *
 * @param bytes whole and finite; a negative one, such as what a change saves, keeps its sign
 */
export function formatBytes(bytes: number): string {
  const sign = bytes < 0 ? "-" : "";
  const size = Math.abs(bytes);
  if (size < STEP) return `${sign}${size} B`;
  let scaled = size / STEP;
  let unit: string = UNITS[0];
  for (const next of UNITS.slice(1)) {
    // 999.5 would be written as 1000.
    if (scaled < STEP - 0.5) break;
    scaled /= STEP;
    unit = next;
  }
  return `${sign}${toThreeDigits(scaled)} ${unit}`;
}

function toThreeDigits(value: number): string {
  if (value < 9.995) return value.toFixed(2);
  return value.toFixed(value < 99.95 ? 1 : 0);
}
