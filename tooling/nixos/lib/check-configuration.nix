# The configuration file, which the program itself has read and found right.
{
  package,
  pkgs,
  value,
}:
let
  file = pkgs.writeText "nix-cache-builder.json" (builtins.toJSON value);
  # A package for another machine cannot run on this one; its services check the file as they start.
  canRun = pkgs.stdenv.buildPlatform.canExecute pkgs.stdenv.hostPlatform;
  # systemd reads calendar expressions, to tell whether a schedule is one.
  programs.nativeBuildInputs = [ pkgs.systemd ];
in
if canRun then
  pkgs.runCommandLocal "nix-cache-builder-checked.json" programs ''
    ${package}/bin/nix-cache-builder check-config --config ${file}
    cp ${file} $out
  ''
else
  file
