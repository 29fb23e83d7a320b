# What `services.nix-cache-builder` takes: one submodule, so that conditions and priorities go through its alias, too.
{ lib, pkgs }:
{ config, ... }:
let
  inherit (lib) literalExpression mkOption types;
  package = pkgs.callPackages ../package.nix { };
in
{
  imports = [
    (import ./cache-server-options.nix { inherit lib package; })
    (import ./resource-options.nix { inherit lib; })
    (import ./secret-options.nix { inherit lib; })
  ];

  options = {
    enable = mkOption {
      type = types.bool;
      default = false;
      description = "Whether to build the hosts of a flake each night, and to serve them as a Nix binary cache.";
    };

    flakeRepo = mkOption {
      type = types.nullOr types.str;
      default = null;
      defaultText = "required";
      example = "git@github.com:you/nixos-config.git";
      description = ''
        Repository of the flake: `git@host:path`, `ssh://`, `https://`, `http://`, `file://` or an absolute path.
        It has to be set.
      '';
    };

    hosts = mkOption {
      type = types.listOf types.str;
      default = [ ];
      defaultText = "required";
      example = [
        "desktop"
        "laptop"
      ];
      description = ''
        Hosts to build: names below `nixosConfigurations` of the flake. `[ "*" ]` stands for every one that this machine
        can build. It has to be set.
      '';
    };

    flakePath = mkOption {
      type = types.str;
      default = "/var/lib/nix-cache-builder/flake";
      description = ''
        Directory of the checkout, which is always exactly the synced revision. Where it is not below `stateDir`, put it
        into a directory of its own, which the builder has to be able to write.
      '';
    };

    flakeBranch = mkOption {
      type = types.str;
      default = "main";
      description = "Branch to follow.";
    };

    updateFlake = mkOption {
      type = types.bool;
      default = true;
      description = "Whether to update the flake's inputs before each run. The new lock is never committed or pushed.";
    };

    buildSchedule = mkOption {
      type = types.str;
      default = "daily";
      example = "Mon..Fri *-*-* 01:30:00";
      description = "When to run: `daily` or `weekly` at `buildTime`, or a calendar expression of systemd, used alone.";
    };

    buildTime = mkOption {
      type = types.str;
      default = "02:00";
      example = "Sun 02:00";
      description = "Time of day; with `weekly` the day too, as in `Sun 02:00`, and Monday where none is given.";
    };

    cacheDir = mkOption {
      type = types.str;
      default = "/var/cache/nix-builds";
      description = "Directory of the links `<host>-result` and `<host>-result-<generation>`.";
    };

    maxCacheSize = mkOption {
      type = types.int;
      default = 200;
      description = "Most GB (10^9 bytes) that the published closures may have, each store path counted once; 0: unlimited.";
    };

    keepGenerations = mkOption {
      type = types.int;
      default = 3;
      description = "Generations of each host to keep; 0: unlimited.";
    };

    stateDir = mkOption {
      type = types.str;
      default = "/var/lib/nix-cache-builder";
      description = "Home of the user `nix-cache-builder`: the history, the logs of each run, Nix's own caches.";
    };

    rootsDir = mkOption {
      type = types.str;
      default = "${config.settings.nix.stateDir or "/nix/var/nix"}/gcroots/nix-cache-builder";
      defaultText = literalExpression ''"''${settings.nix.stateDir}/gcroots/nix-cache-builder"'';
      description = "Directory of the GC roots of what is published.";
    };

    lanRanges = mkOption {
      type = types.listOf types.str;
      default = [ "192.168.0.0/16" ];
      example = [
        "10.20.0.0/16"
        "fd12:3456:789a::/48"
      ];
      description = ''
        Address ranges of the clients. All three layers let them in, and beside this machine nobody else: the server's own
        list, systemd's filter of addresses, and the firewall.
      '';
    };

    package = mkOption {
      type = types.package;
      default = package.nix-cache-builder;
      defaultText = literalExpression "(pkgs.callPackages ./package.nix { }).nix-cache-builder";
      description = "Package of the builder: by default the one of this flake, made with the machine's own `pkgs`.";
    };

    settings = mkOption {
      type = types.submodule {
        options = builtins.listToAttrs (
          map
            (name: {
              inherit name;
              value = mkOption {
                type = types.attrsOf types.anything;
                default = { };
                description = "Keys of the section `${name}` that no option stands for.";
              };
            })
            [
              "nix"
              "builder"
              "cacheServer"
            ]
        );
      };
      default = { };
      example = {
        nix.settings.cores = 4;
        builder.graceHours = 48;
      };
      description = ''
        Keys of the configuration file that no option stands for, by section. They are checked as the system is built: an
        unknown key or an impossible value fails it, with the name of the key.
      '';
    };
  };
}
