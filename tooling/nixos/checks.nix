# What `nix flake check` looks at beyond the packages.
{
  pkgs,
  modules,
  nixosSystem,
}:
let
  machine = nixosSystem {
    modules = [
      modules.default
      {
        nixpkgs.hostPlatform = pkgs.stdenv.hostPlatform.system;
        # No disk and no boot loader to describe.
        boot.isContainer = true;
        system.stateVersion = "26.05";

        # The configuration of a builder that is its own client, as a README shows it.
        custom.services.nix-cache-builder = {
          enable = true;
          flakeRepo = "git@github.com:you/nixos-config.git";
          hosts = [ "desktop" ];
          cacheServer.enable = true;
        };
        system.nix.cache-servers = [
          {
            url = "http://localhost:5000";
            key = "cache.test-1:SJqKB+nCGijeS3ZndBmVKajY4gMELY8xE9cCZdc0EPc=";
            priority = 40;
          }
        ];
      }
    ];
  };
in
{
  # Evaluates the whole system, and builds none of it.
  modules = pkgs.writeText "nix-cache-builder-modules" (
    builtins.unsafeDiscardStringContext machine.config.system.build.toplevel.drvPath
  );

  vm = pkgs.testers.runNixOSTest (import ./vm-test.nix { inherit modules; });
}
