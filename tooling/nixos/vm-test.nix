# A test for `pkgs.testers.runNixOSTest`: a builder, a client on its LAN, and an outsider on another network of the
# builder's. No machine has a way to the internet.
{ modules }:
let
  # Known to this test alone, and to everybody who reads it.
  publicKey = "cache.test-1:SJqKB+nCGijeS3ZndBmVKajY4gMELY8xE9cCZdc0EPc=";
  secretKey = "cache.test-1:9uEt7eYT+5tAyv11UQj/y47kibSUSCtYECH94hUBHYpImooH6cIaKN5Ldmd0GZUpqNjiAwQtjzET1wJl1zQQ9w==";

  offline =
    { lib, ... }:
    {
      nix.settings.substituters = lib.mkForce [ ];
    };
in
{
  name = "nix-cache-builder";

  nodes = {
    builder =
      { lib, pkgs, ... }:
      {
        imports = [
          modules.builder
          offline
        ];

        virtualisation.vlans = [
          1
          2
        ];
        networking.interfaces.eth2.ipv4.addresses = lib.mkForce [
          {
            address = "10.7.0.1";
            prefixLength = 24;
          }
        ];

        custom.services.nix-cache-builder = {
          enable = true;
          flakeRepo = "/srv/fleet";
          hosts = [
            "desktop"
            "laptop"
          ];
          cacheServer.enable = true;
        };

        # Where sops-nix puts it, and as it does.
        systemd.tmpfiles.rules = [
          "d /run/secrets 0751 root root -"
          "f /run/secrets/nix-cache-priv-key 0400 root root - ${secretKey}"
        ];

        environment.systemPackages = [ pkgs.git ];
        environment.etc."fleet/flake.nix".source = ./test/fleet/flake.nix;
        environment.etc."fleet/system".text = pkgs.stdenv.hostPlatform.system;
      };

    client = {
      imports = [ modules.client ];

      virtualisation.vlans = [ 1 ];
      nix.settings.experimental-features = [
        "nix-command"
        "flakes"
      ];
      system.nix.cache-servers = [
        {
          url = "http://builder:5000";
          key = publicKey;
          priority = 40;
        }
      ];
    };

    outsider =
      { lib, ... }:
      {
        imports = [ offline ];

        virtualisation.vlans = [ 2 ];
        networking.interfaces.eth1.ipv4.addresses = lib.mkForce [
          {
            address = "10.7.0.2";
            prefixLength = 24;
          }
        ];
      };
  };

  testScript = builtins.readFile ./test/vm-test.py;
}
