# Both programs. `pkgs.callPackages` makes each of them overridable.
{
  lib,
  stdenvNoCC,
  fetchurl,
  makeWrapper,
  nodejs_24,
  writeText,
  git,
  openssh,
  util-linux,
}:
let
  buildApp = import ./package/build-app.nix {
    inherit
      lib
      stdenvNoCC
      fetchurl
      makeWrapper
      writeText
      ;
    nodejs = nodejs_24;
  };
in
{
  nix-cache-builder = buildApp {
    path = "apps/builder";
    binary = "nix-cache-builder";
    # Nix is left out: it has to be the one whose daemon and store this machine has.
    runtimePrograms = [
      git
      openssh
      util-linux
    ];
    installMore = import ./package/install-completions.nix { binary = "nix-cache-builder"; };
  };

  nix-cache-server = buildApp {
    path = "apps/cache-server";
    binary = "nix-cache-server";
  };
}
