# The units of `services.nix-cache-builder`.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (lib) mkDefault mkIf mkMerge;
  cfg = config.services.nix-cache-builder;
  limits = import ../lib/limits.nix;
  configFile = "/etc/nix-cache-builder/config.json";

  units = import ../lib/nixos-units.nix (
    import ../lib/units.nix {
      inherit cfg configFile;
      isNixServe = !(config.services.nix-serve.enable or false);
      executables = {
        builder = "${cfg.package}/bin/nix-cache-builder";
        server = "${cfg.cacheServer.package}/bin/nix-cache-server";
      };
    }
  );

  builderService = {
    path = [
      config.nix.package
      pkgs.git
      pkgs.openssh
      pkgs.util-linux
    ]
    ++ lib.optional (cfg.settings.builder.lfs or false) pkgs.git-lfs;
    # A switch to a new system, which the run itself may have built, does not end the run.
    restartIfChanged = false;
  };
in
{
  config = mkIf cfg.enable {
    systemd = {
      inherit (units) sockets timers;

      services = mkMerge [
        units.services
        {
          nix-cache-builder = builderService;
          nix-cache-builder-sync = builderService;
          nix-cache-builder-prune = builderService;

          # Builds run in the daemon's control group, wherever they were asked for.
          nix-daemon.serviceConfig = mkMerge [
            (limits.render cfg.daemonResources)
            # A build that takes too much ends, and not the daemon with all others.
            (mkIf (cfg.daemonResources.memoryMax != null) { OOMPolicy = mkDefault "continue"; })
          ];
        }
        (mkIf cfg.cacheServer.enable {
          nix-cache-server = {
            restartTriggers = [ config.environment.etc."nix-cache-builder/config.json".source ];
            # The port is left for as short a time as can be.
            stopIfChanged = false;
          };
        })
      ];
    };
  };
}
