# `services.nix-cache-builder.cacheServer`: how the store is served.
{ lib, package }:
{ config, ... }:
let
  inherit (lib) literalExpression mkOption types;
in
{
  options.cacheServer = {
    enable = mkOption {
      type = types.bool;
      default = true;
      description = "Whether to serve what is published, as `nix-cache-server.service`, alias `nix-serve.service`.";
    };

    port = mkOption {
      type = types.port;
      default = 5000;
      description = "Port to listen on. One below 1024 needs `cacheServer.socketActivation`.";
    };

    priority = mkOption {
      type = types.int;
      default = 40;
      description = "Rank among a client's caches: lower is asked first, cache.nixos.org has 40.";
    };

    host = mkOption {
      type = types.str;
      default = "::";
      example = "192.168.1.10";
      description = "Where to listen: an IP address, `localhost` or `unix:/path`; `::` takes IPv4, too.";
    };

    socketActivation = mkOption {
      type = types.bool;
      default = false;
      description = ''
        Whether systemd listens and hands the connections over. The server then has no network of its own, and its port may
        be below 1024.
      '';
    };

    openFirewall = mkOption {
      type = types.bool;
      default = true;
      description = ''
        Whether the firewall lets the clients of `lanRanges` reach the port. Nobody else gets through either way.
      '';
    };

    signingKeyFiles = mkOption {
      type = types.listOf types.path;
      default = [ config.signingKeyFile ];
      defaultText = literalExpression "[ signingKeyFile ]";
      description = ''
        Secret keys that the server signs with as it serves, each of another name: two while clients move from one to the
        other. With `[ ]`, it serves the signatures that the store holds, and no others.
      '';
    };

    package = mkOption {
      type = types.package;
      default = package.nix-cache-server;
      defaultText = literalExpression "(pkgs.callPackages ./package.nix { }).nix-cache-server";
      description = "Package of the server: by default the one of this flake, made with the machine's own `pkgs`.";
    };
  };
}
