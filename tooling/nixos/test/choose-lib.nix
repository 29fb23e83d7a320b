# nixpkgs' own `lib` where NIX_CACHE_TEST_NIXPKGS_LIB names one, or the test double.
let
  path = builtins.getEnv "NIX_CACHE_TEST_NIXPKGS_LIB";
  directory = if builtins.pathExists "${path}/lib" then "${path}/lib" else path;
in
if path == "" then import ./lib-double.nix else import (/. + directory)
