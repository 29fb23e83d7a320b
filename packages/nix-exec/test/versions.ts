import { capabilitiesOf, type NixCapabilities } from "../src/capabilities.ts";
import { parseNixVersion } from "../src/version.ts";

/** The capabilities of the version that prints this line. */
function capabilitiesFor(text: string): NixCapabilities {
  return capabilitiesOf(parseNixVersion(text));
}

export const NIX_2_8: NixCapabilities = capabilitiesFor("nix (Nix) 2.8.0");
export const NIX_2_18: NixCapabilities = capabilitiesFor("nix (Nix) 2.18.9");
export const NIX_2_19: NixCapabilities = capabilitiesFor("nix (Nix) 2.19.0");
export const NIX_2_34: NixCapabilities = capabilitiesFor("nix (Nix) 2.34.8");
export const LIX_2_93: NixCapabilities = capabilitiesFor("nix (Lix, like Nix) 2.93.0");
export const NIX_2_35: NixCapabilities = capabilitiesFor("nix (Nix) 2.35.0");
export const DETERMINATE_3_22: NixCapabilities = capabilitiesFor("nix (Determinate Nix 3.22.2) 2.35.2");
