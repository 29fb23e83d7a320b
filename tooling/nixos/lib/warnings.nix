# What works, and is likely not meant.
{ cfg, machine }:
let
  name = "services.nix-cache-builder";
  inherit (cfg.cacheServer) enable openFirewall port;
  isNamed = builtins.elem cfg.buildSchedule [ "daily" "weekly" ];
  warn = condition: text: if condition then [ text ] else [ ];
in
warn (enable && machine.firewall == "none") ''
  networking.firewall is off: the cache on port ${toString port} is held to ${name}.lanRanges by systemd and by the server itself, and
  by no firewall.''
++ warn (enable && openFirewall && machine.firewall == "firewalld") ''
  firewalld is this machine's firewall, for which ${name} has no rules: clients reach port ${toString port} only once you let
  ${builtins.concatStringsSep ", " cfg.lanRanges} through to it.''
++ warn (builtins.elem "*" machine.trustedUsers) ''
  nix.settings.trusted-users is "*": every user of this machine can do what root can, the builder among them, which evaluates
  what others write.''
++ warn (!isNamed && cfg.buildTime != "02:00") ''
  ${name}.buildTime does nothing beside buildSchedule = "${cfg.buildSchedule}", which is a calendar expression and used alone.''
