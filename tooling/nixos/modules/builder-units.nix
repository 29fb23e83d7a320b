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

  # Nix's daemon has these from NixOS, and fetches nothing for the builder: whoever asks for an input fetches it.
  certificates = "/etc/ssl/certs/ca-certificates.crt";
  environment = (config.networking.proxy.envVars or { }) // {
    # Node, curl and git each have a list of authorities of their own, without those of security.pki.
    NODE_EXTRA_CA_CERTS = certificates;
    CURL_CA_BUNDLE = certificates;
    GIT_SSL_CAINFO = certificates;
    # By it ssh starts proxies and jump hosts; the account's own shell is nologin.
    SHELL = "/bin/sh";
  };

  # What a server that runs has read: the rest of the configuration may change without an end to downloads.
  inherit (import ../lib/configuration.nix cfg) value;
  readByServer = {
    inherit (value) cacheServer nix;
    # Where the GC roots are that say what is published; below stateDir those that stand in for others.
    inherit (value.builder) rootsDir stateDir;
  };

  builderService = {
    inherit environment;
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
            restartTriggers = [ (builtins.hashString "sha256" (builtins.toJSON readByServer)) ];
            # The port is left for as short a time as can be.
            stopIfChanged = false;
          };
        })
      ];
    };
  };
}
