# mkDerivation with the phases that packages here use, and no fixup: no patchShebangs, no search for broken links.
{ lib, system }:
let
  cpu = builtins.head (builtins.match "([^-]+)-.*" system);
in
{
  buildPlatform = {
    isDarwin = false;
    isMusl = false;
    parsed.cpu.name = cpu;
  };

  mkDerivation =
    attributes:
    let
      environment = removeAttrs attributes [
        "meta"
        "nativeBuildInputs"
      ];
      inputs = attributes.nativeBuildInputs or [ ];
      name = attributes.name or "${attributes.pname}-${attributes.version}";
    in
    derivation (
      {
        src = "";
        buildPhase = "";
      }
      // environment
      // {
        inherit name system inputs;
        builder = "/bin/bash";
        args = [ ./build.sh ];
      }
    )
    // {
      meta = attributes.meta or { };
    };
}
