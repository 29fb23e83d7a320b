# What cannot work, or would not be safe, each with what to write instead. `machine` is what the rest of the system says.
{ cfg, machine }:
let
  values = import ./check-values.nix;
  configuration = import ./configuration.nix cfg;
  calendar = import ./calendar.nix { inherit (cfg) buildSchedule buildTime; };
  name = "services.nix-cache-builder";

  check = assertion: message: { inherit assertion message; };

  repository = [
    (check (cfg.flakeRepo != null) ''
      ${name}.flakeRepo is not set. Name the repository of your flake, as in
        ${name}.flakeRepo = "git@github.com:you/nixos-config.git";'')
    (check (cfg.hosts != [ ]) ''
      ${name}.hosts is not set. Name the hosts to build, each one of the flake's nixosConfigurations, as in
        ${name}.hosts = [ "desktop" "laptop" ];'')
    (check (builtins.all values.isHost cfg.hosts || cfg.hosts == [ "*" ]) ''
      ${name}.hosts: ${values.show (builtins.filter (host: !values.isHost host) cfg.hosts)} cannot be built. A name starts with a
      letter, a digit or _, and goes on with these or . + -; "*", every host, stands alone:
        ${name}.hosts = [ "*" ];'')
    (check (values.isUnique cfg.hosts) ''
      ${name}.hosts names a host twice: ${values.show cfg.hosts}. Take one of the two out.'')
  ];

  limit =
    option: value: what:
    check (value >= 0) ''
      ${name}.${option} is ${toString value}, which is below 0. It is ${what}, and 0 stands for no limit:
        ${name}.${option} = 0;'';

  limits = [
    (limit "maxCacheSize" cfg.maxCacheSize "a number of GB")
    (limit "keepGenerations" cfg.keepGenerations "how many generations of each host are kept")
    (limit "resources.evalMemoryMax" cfg.resources.evalMemoryMax "a number of GB")
    (check (cfg.cacheServer.priority >= 0) ''
      ${name}.cacheServer.priority is ${toString cfg.cacheServer.priority}, which is below 0. Lower is asked first, and
      cache.nixos.org has 40:
        ${name}.cacheServer.priority = 30;'')
    (check calendar.isTimeRead ''
      ${name}.buildTime is "${cfg.buildTime}", which is no time to run ${cfg.buildSchedule} at. It is HH:MM, with weekly also
      a day before it; a calendar expression goes into buildSchedule instead:
        ${name}.buildTime = "${if cfg.buildSchedule == "weekly" then "Sun 02:00" else "02:00"}";'')
  ];

  settings = map (
    { key, option }:
    check false ''
      ${name}.settings.${key} does nothing, since the option ${option} stands for this key. Set that instead:
        ${name}.${option} = …;''
  ) configuration.shadowed;
in
repository
++ limits
++ settings
++ import ./check-paths.nix {
  inherit
    cfg
    check
    name
    values
    ;
}
++ import ./check-secrets.nix { inherit cfg check name; }
++ import ./check-daemon.nix { inherit check machine name; }
++ (
  if cfg.cacheServer.enable then
    import ./check-server.nix {
      inherit
        cfg
        check
        machine
        name
        values
        ;
    }
  else
    [ ]
)
