import { NixError } from "./nix-error.ts";
import { isAtLeast, type NixVersion } from "./version.ts";

type Since = readonly [major: number, minor: number];

interface Row {
  /** First upstream release that has it; Determinate follows by the release that it is based on. */
  readonly nix: Since;
  /** First Lix release that has it; Lix forked at 2.18 and counts from 2.90. */
  readonly lix: Since | "never";
}

/** A difference between versions that a command here depends on. */
export type NixCapability =
  /** `--reference-lock-file` and `--output-lock-file`. */
  | "separateLockFile"
  /** `nix flake update INPUT --flake URL`; before, the positional argument was the flake. */
  | "updateTakesInputs"
  /** More than one input in `nix flake update INPUT...`. */
  | "updateTakesSeveralInputs"
  /** `nix path-info --json-format N`; leaving it out warns where it exists. */
  | "pathInfoJsonFormat"
  /** `nix config show`; `nix show-config` before. */
  | "configShow";

/** What the `nix` at hand can do. */
export type NixCapabilities = Readonly<Record<NixCapability, boolean>>;

const TABLE: Readonly<Record<NixCapability, Row>> = {
  separateLockFile: { nix: [2, 15], lix: [2, 90] },
  updateTakesInputs: { nix: [2, 19], lix: [2, 90] },
  updateTakesSeveralInputs: { nix: [2, 21], lix: [2, 90] },
  pathInfoJsonFormat: { nix: [2, 33], lix: "never" },
  configShow: { nix: [2, 20], lix: [2, 90] },
};

/** The oldest upstream release that every command here was run with. */
const OLDEST: Since = [2, 8];

/**
 * Looks up what a version can do.
 *
 * @returns every capability, true or false
 * @throws NixError ERR_NIX_UNSUPPORTED for releases older than 2.8
 */
export function capabilitiesOf(version: NixVersion): NixCapabilities {
  if (!isAtLeast(version, ...OLDEST)) {
    throw new NixError(
      "ERR_NIX_UNSUPPORTED",
      `expected Nix ${OLDEST.join(".")} or newer, found ${version.text}; upgrade Nix or name another with binDir`,
    );
  }
  const has = ({ nix, lix }: Row): boolean => {
    const since = version.implementation === "lix" ? lix : nix;
    return since !== "never" && isAtLeast(version, ...since);
  };
  return {
    separateLockFile: has(TABLE.separateLockFile),
    updateTakesInputs: has(TABLE.updateTakesInputs),
    updateTakesSeveralInputs: has(TABLE.updateTakesSeveralInputs),
    pathInfoJsonFormat: has(TABLE.pathInfoJsonFormat),
    configShow: has(TABLE.configShow),
  };
}
