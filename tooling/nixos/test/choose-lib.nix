# nixpkgs' own `lib` where NIX_CACHE_TEST_NIXPKGS_LIB names a checkout with it, or the test double.
let
  checkout = builtins.getEnv "NIX_CACHE_TEST_NIXPKGS_LIB";
in
if checkout == "" then import ./lib-double.nix else import (/. + "${checkout}/lib")
