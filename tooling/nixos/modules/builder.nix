# Builds the hosts of a flake each night and serves them to the LAN: `services.nix-cache-builder`, or
# `custom.services.nix-cache-builder` as its original had it.
#
# The module of that name in sbulav/dotnix declares the same option, so that only one of the two can be imported.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (lib)
    mkAliasOptionModule
    mkDefault
    mkIf
    mkMerge
    mkOption
    types
    ;
  cfg = config.services.nix-cache-builder;
  machine = import ../lib/machine.nix { inherit cfg config; };
  storage = import ../lib/storage.nix cfg;
  configuration = import ../lib/configuration.nix cfg;
  firewall = import ../lib/firewall.nix {
    ranges = cfg.lanRanges;
    inherit (cfg.cacheServer) port;
    inherit (config.networking) enableIPv6;
  };
  isReachable = cfg.cacheServer.enable && cfg.cacheServer.openFirewall && machine.isOnNetwork;
  user = "nix-cache-builder";
in
{
  imports = [
    (mkAliasOptionModule [ "custom" "services" "nix-cache-builder" ] [ "services" "nix-cache-builder" ])
    ./builder-units.nix
  ];

  options.services.nix-cache-builder = mkOption {
    # One option: an alias of a whole tree of options would not let conditions and priorities through.
    type = types.submodule (import ./builder-options.nix { inherit lib pkgs; });
    default = { };
    description = "Nightly builds of every host of a flake, served to the LAN as a Nix binary cache.";
  };

  config = mkIf cfg.enable (mkMerge [
    {
      assertions = import ../lib/assertions.nix { inherit cfg machine; };
      warnings = import ../lib/warnings.nix { inherit cfg machine; };

      environment.etc."nix-cache-builder/config.json".source = import ../lib/check-configuration.nix {
        inherit pkgs;
        inherit (cfg) package;
        inherit (configuration) value;
      };
      environment.systemPackages = [
        cfg.package
      ]
      ++ lib.optional cfg.cacheServer.enable cfg.cacheServer.package;

      users.users.${user} = {
        isSystemUser = true;
        group = user;
        home = cfg.stateDir;
        description = "Nightly builds for the Nix binary cache";
      };
      users.groups.${user} = { };

      systemd.tmpfiles.rules = storage.tmpfiles;

      # The builder is no trusted user, and the daemon would not take these from it.
      nix.settings = {
        # A cache that is off must not fail a night.
        fallback = mkDefault true;
        experimental-features = mkDefault [
          "nix-command"
          "flakes"
        ];
        # Adds to allowed-users, whatever these are: everybody by default.
        extra-allowed-users = [ user ];
      };
    }

    (mkIf (isReachable && machine.firewall == "iptables") {
      networking.firewall.extraCommands = firewall.iptables;
    })

    (mkIf (isReachable && machine.firewall == "nftables") {
      networking.firewall.extraInputRules = firewall.nftables;
    })
  ]);
}
