# Makes a machine a client of binary caches on the LAN: `system.nix.cache-servers`.
#
# The module of that name in sbulav/dotnix declares the same option, so that only one of the two can be imported.
{ config, lib, ... }:
let
  inherit (lib) mkDefault mkIf mkOption types;
  client = import ../lib/client.nix;
  servers = config.system.nix.cache-servers;
in
{
  options.system.nix.cache-servers = mkOption {
    type = types.listOf (
      types.submodule {
        options = {
          url = mkOption {
            type = types.str;
            example = "http://cache.lan:5000";
            description = "Address of the cache.";
          };

          key = mkOption {
            type = types.either types.str (types.listOf types.str);
            example = "cache.lan-1:AbCd1234…=";
            description = "Its public key, `NAME:BASE64`; a list of two while the cache moves from one key to another.";
          };

          priority = mkOption {
            type = types.nullOr types.int;
            default = null;
            example = 30;
            description = "Rank among this machine's caches, lower is asked first. `null`: what the cache says of itself.";
          };
        };
      }
    );
    default = [ ];
    example = [
      {
        url = "http://cache.lan:5000";
        key = "cache.lan-1:AbCd1234…=";
        priority = 30;
      }
    ];
    description = ''
      Binary caches to take store paths from, besides those that the machine has already. One that is off is given up after
      two attempts of 5 seconds, and what it would have had comes from elsewhere or is built.
    '';
  };

  config = mkIf (servers != [ ]) {
    assertions = client.listAssertions servers;

    nix.settings = client.renderSettings servers // {
      # Nix makes five attempts, and a machine that is off takes the whole timeout of each.
      connect-timeout = mkDefault 5;
      download-attempts = mkDefault 2;
      fallback = mkDefault true;
    };
  };
}
