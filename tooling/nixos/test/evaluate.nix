# A NixOS configuration of both modules and those given, and what can be read from it as JSON.
{
  modules,
  options ? [ ],
}:
let
  lib = import ./choose-lib.nix;
  evaluated = lib.evalModules {
    modules = [
      ../modules/builder.nix
      ../modules/client.nix
      ./nixos-options.nix
    ]
    ++ options
    ++ modules;
    specialArgs.pkgs = import ./pkgs-double.nix;
  };
  inherit (evaluated) config;
in
{
  inherit config;
  failed = map (found: found.message) (builtins.filter (found: !found.assertion) config.assertions);
}
