# The configuration file, which the program itself has read and found right.
{
  package,
  pkgs,
  value,
}:
let
  file = pkgs.writeText "nix-cache-builder-config.json" (builtins.toJSON value);
  # A package for another machine cannot run on this one; its services check the file as they start.
  canRun = pkgs.stdenv.buildPlatform.canExecute pkgs.stdenv.hostPlatform;
in
if canRun then
  pkgs.runCommandLocal "nix-cache-builder-config-checked.json" { } ''
    ${package}/bin/nix-cache-builder check-config --config ${file}
    cp ${file} $out
  ''
else
  file
