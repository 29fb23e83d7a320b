{
  description = "Stands in for nixpkgs, of which it has what this repository's packages ask for";

  outputs =
    { self }:
    let
      # nixpkgs' own where the test was given one.
      lib = import (if builtins.pathExists ./nixpkgs-lib then ./nixpkgs-lib else ./lib.nix);
    in
    {
      lib = lib // {
        # The module system needs nixpkgs itself.
        nixosSystem = _: { config.system.build.toplevel.drvPath = "no NixOS in the stand-in"; };
      };
      legacyPackages = builtins.listToAttrs (
        map
          (system: {
            name = system;
            value = import ./packages.nix { inherit lib system; };
          })
          [
            "x86_64-linux"
            "aarch64-linux"
          ]
      );
    };
}
