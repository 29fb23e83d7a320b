# What the rest of a NixOS configuration says, as far as it concerns this one. Options that a release of NixOS lacks are as
# if they were not set.
{ cfg, config }:
let
  inherit (config) networking services;
  inherit (cfg.cacheServer) host;

  toList =
    value:
    if builtins.isList value then
      value
    else
      builtins.filter builtins.isString (builtins.split "[[:space:]]+" value);

  backend =
    networking.firewall.backend or (if networking.nftables.enable or false then "nftables" else "iptables");

  # Where harmonia listens is text that ends in the port, `[::]:5000` by default.
  harmonia = services.harmonia.cache or services.harmonia or { };
  harmoniaPort = builtins.match ".*:([1-9][0-9]*)" (harmonia.settings.bind or "[::]:5000");

  inherit (config.users) groups;
  isMember = group: builtins.elem "nix-cache-builder" (groups.${group}.members or [ ]);
  ownGroups = config.users.users.nix-cache-builder.extraGroups or [ ];
  inherit (config.nix) settings;
in
{
  hasNix = config.nix.enable;
  trustedUsers = toList (settings.trusted-users or [ ]) ++ toList (settings.extra-trusted-users or [ ]);
  builderGroups = ownGroups ++ builtins.filter isMember (builtins.attrNames groups);

  firewall = if networking.firewall.enable then backend else "none";
  openPorts = networking.firewall.allowedTCPPorts;
  openPortRanges = networking.firewall.allowedTCPPortRanges;

  # Whether other machines could reach the server at all, were there no firewall.
  isOnNetwork =
    host != "localhost"
    && host != "::1"
    && builtins.substring 0 4 host != "127."
    && builtins.substring 0 5 host != "unix:";

  otherCaches =
    (
      if services.nix-serve.enable or false then
        [
          {
            service = "nix-serve";
            inherit (services.nix-serve) port;
          }
        ]
      else
        [ ]
    )
    ++ (
      if harmonia.enable or false && harmoniaPort != null then
        [
          {
            service = "harmonia";
            port = builtins.fromJSON (builtins.elemAt harmoniaPort 0);
          }
        ]
      else
        [ ]
    );
}
