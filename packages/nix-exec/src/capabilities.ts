import {
  CAPABILITY_TABLE,
  type CapabilityRow,
  type NixCapability,
  type Release,
} from "./capability-table.ts";
import { NixError } from "./nix-error.ts";
import { isAtLeast, type NixVersion } from "./version.ts";

/** What the `nix` at hand can do. */
export type NixCapabilities = Readonly<Record<NixCapability, boolean>>;

/** The oldest upstream release that every command here was run with. */
const OLDEST: Release = [2, 8];

/**
 * Looks up what a version can do. A pre-release such as `2.35.0pre20260101_abcdef` or `2.93.0-dev` counts as the
 * release that it leads to.
 *
 * @returns every capability, true or false
 * @throws NixError ERR_NIX_UNSUPPORTED for releases older than 2.8
 */
export function capabilitiesOf(version: NixVersion): NixCapabilities {
  if (!isAtLeast(version, OLDEST)) {
    throw new NixError(
      "ERR_NIX_UNSUPPORTED",
      `expected Nix ${OLDEST.join(".")} or newer, found ${version.text}; upgrade Nix or name another with binDir`,
    );
  }
  const rows = Object.entries(CAPABILITY_TABLE).map(([name, row]) => [name, hasCapability(row, version)]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys are the table's, which fromEntries forgets
  return Object.fromEntries(rows) as NixCapabilities;
}

function hasCapability(row: CapabilityRow, version: NixVersion): boolean {
  const { implementation, determinate } = version;
  const own = row[implementation];
  const isByBase = own === "base";
  const releases = isByBase ? row.nix : own;
  if (releases === "never") return false;
  const numbers = isByBase || determinate === undefined ? version : determinate;
  const { since, until } = releases;
  if (since !== undefined && !isAtLeast(numbers, since)) return false;
  return until === undefined || !isAtLeast(numbers, [until[0], until[1] + 1]);
}
