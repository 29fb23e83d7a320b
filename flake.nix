{
  description = "Builds every host of a NixOS flake each night, and serves the results to the LAN as a Nix binary cache";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;

      systems = [
        "x86_64-linux"
        "aarch64-linux"
      ];
      forEachSystem =
        makeOutputs: lib.genAttrs systems (system: makeOutputs nixpkgs.legacyPackages.${system});

      # The names stand here because an overlay's may not depend on the packages that it is given.
      makePackages = pkgs: {
        inherit (pkgs.callPackages ./tooling/nixos/package.nix { }) nix-cache-builder nix-cache-server;
      };
      makeApp = package: {
        type = "app";
        program = lib.getExe package;
        meta = { inherit (package.meta) description; };
      };
      withDefault = outputs: outputs // { default = outputs.nix-cache-builder; };
    in
    {
      packages = forEachSystem (pkgs: withDefault (makePackages pkgs));
      apps = forEachSystem (pkgs: withDefault (lib.mapAttrs (_: makeApp) (makePackages pkgs)));
      overlays.default = final: _: makePackages final;

      nixosModules = {
        builder.imports = [ ./tooling/nixos/modules/builder.nix ];
        client.imports = [ ./tooling/nixos/modules/client.nix ];
        default.imports = [ ./tooling/nixos/modules ];
      };

      checks = forEachSystem (
        pkgs:
        makePackages pkgs
        // import ./tooling/nixos/checks.nix {
          inherit pkgs;
          inherit (lib) nixosSystem;
          modules = self.nixosModules;
        }
      );
      formatter = forEachSystem (pkgs: pkgs.nixfmt-tree);
    };
}
