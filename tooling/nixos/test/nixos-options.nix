# The options of NixOS that the modules read and set, with the types that matter to them: NixOS's own are not at hand.
{ lib, ... }:
let
  inherit (lib) mkOption types;
  option = type: default: mkOption { inherit type default; description = "Of NixOS."; };
  names = option (types.listOf types.str) [ ];
  unit = section: types.submodule {
    options = {
      description = option types.str "";
      aliases = names;
      after = names;
      requires = names;
      unitConfig = option (types.attrsOf types.anything) { };
      wantedBy = names;
      wants = names;
      ${section} = option (types.attrsOf types.anything) { };
    }
    // (if section == "serviceConfig" then {
      environment = option (types.attrsOf types.str) { };
      path = option (types.listOf types.package) [ ];
      restartIfChanged = option types.bool true;
      restartTriggers = option (types.listOf types.anything) [ ];
      stopIfChanged = option types.bool true;
    } else { });
  };
in
{
  options = {
    assertions = option (types.listOf types.anything) [ ];
    warnings = names;
    environment.etc = option (types.attrsOf types.anything) { };
    environment.systemPackages = option (types.listOf types.package) [ ];
    networking.enableIPv6 = option types.bool true;
    networking.firewall.enable = option types.bool true;
    networking.firewall.allowedTCPPorts = option (types.listOf types.port) [ ];
    networking.firewall.allowedTCPPortRanges = option (types.listOf (types.attrsOf types.port)) [ ];
    networking.firewall.extraCommands = option types.str "";
    networking.firewall.extraInputRules = option types.str "";
    networking.proxy.envVars = option (types.attrsOf types.str) { };
    networking.nftables.enable = option types.bool false;
    nix.enable = option types.bool true;
    nix.package = option types.package "/nix/store/00000000000000000000000000000000-nix";
    nix.settings = option (types.attrsOf types.anything) { };
    services.harmonia = option (types.attrsOf types.anything) { };
    services.nix-serve.enable = option types.bool false;
    services.nix-serve.port = option types.port 5000;
    systemd.services = option (types.attrsOf (unit "serviceConfig")) { };
    systemd.sockets = option (types.attrsOf (unit "socketConfig")) { };
    systemd.timers = option (types.attrsOf (unit "timerConfig")) { };
    systemd.tmpfiles.rules = names;
    users.groups = option (types.attrsOf types.anything) { };
    users.users = option (types.attrsOf types.anything) { };
  };
}
