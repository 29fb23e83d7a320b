const UNITS = ["KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** Writes bytes with one decimal in the unit that fits, as Nix does: `3.4 MiB`, never below a KiB. */
export function formatSize(bytes: number): string {
  let value = bytes / 1024;
  let index = 0;
  // What rounds to 1024.0 belongs in the next unit.
  while (Math.abs(value) >= 1023.95 && index < UNITS.length - 1) {
    value /= 1024;
    index += 1;
  }
  return `${value.toFixed(1)} ${UNITS[index] ?? ""}`;
}

/** Writes a difference of bytes with its sign; `±0` where there is none to speak of. */
export function formatSizeDelta(bytes: number): string {
  const size = formatSize(Math.abs(bytes));
  if (size === "0.0 KiB") return "±0";
  return `${bytes < 0 ? "-" : "+"}${size}`;
}
