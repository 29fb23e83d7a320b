# The units of both services: what tooling/systemd/units.json says of them everywhere, and what hangs on the options.
# `nix-cache-builder install` writes the same units elsewhere; a test holds the two together.
{
  cfg,
  configFile,
  executables,
  # Whether the name that the original's commands use is free.
  isNixServe ? true,
}:
let
  static = builtins.fromJSON (builtins.readFile ../../systemd/units.json);
  configuration = import ./configuration.nix cfg;
  calendar = import ./calendar.nix { inherit (cfg) buildSchedule buildTime; };
  storage = import ./storage.nix cfg;
  limits = import ./limits.nix;
  inherit (configuration.value) builder cacheServer;
  isActivated = cfg.cacheServer.socketActivation;

  optional = condition: value: if condition then [ value ] else [ ];

  hardeningOf =
    name:
    static.hardening.shared
    // static.hardening.${name}
    // (if name == "server" && isActivated then static.hardening.activatedServer else { });

  # A unit of the data, with directives added to its sections.
  extend =
    name: dynamic:
    let
      unit = removeAttrs static.units.${name} [ "hardening" ];
      hardening =
        if static.units.${name} ? hardening then
          { Service = hardeningOf static.units.${name}.hardening; }
        else
          { };
      sections = builtins.attrNames (unit // dynamic);
    in
    builtins.listToAttrs (
      map (section: {
        name = section;
        value = (hardening.${section} or { }) // (unit.${section} or { }) // (dynamic.${section} or { });
      }) sections
    );

  # The default, a newline, stands in for a file that is not there, which would keep the unit from starting.
  # https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#LoadCredential=ID:PATH
  loadCredentials = files: {
    LoadCredential = map ({ id, path }: "${id}:${path}") files;
    SetCredential = builtins.concatMap (
      { id, path }:
      [
        "${id}:\\n"
        # A program can tell by it that its configuration names another file by now.
        "${id}.path:${path}"
      ]
    ) files;
  };

  builderSecrets =
    ids:
    map (id: {
      inherit id;
      path = builder.${id};
    }) (builtins.filter (id: builder ? ${id}) ids);

  # What the configuration of ssh names, by which both reach their hosts.
  furtherSecrets = map (id: {
    inherit id;
    path = toString cfg.credentials.${id};
  }) (builtins.attrNames cfg.credentials);

  builderService =
    command: secrets:
    {
      ExecStart = "${executables.builder} ${command} --config ${configFile}";
      ReadWritePaths = storage.writable;
    }
    // (if secrets == [ ] then { } else loadCredentials (builderSecrets secrets ++ furtherSecrets));

  # The directory right below /run that a unix socket is in: systemd makes it, and gives it to the service.
  unixDirectory = builtins.match "unix:/run/([^/]+)/[^/]+" cfg.cacheServer.host;
  runtimeDirectory =
    if unixDirectory == null then { } else { RuntimeDirectory = builtins.elemAt unixDirectory 0; };

  number = builtins.genList (index: index) (builtins.length cacheServer.signingKeyFiles);
  serverSecrets = map (index: {
    id = "signingKeyFiles.${toString index}";
    path = builtins.elemAt cacheServer.signingKeyFiles index;
  }) number;

  server = {
    "nix-cache-server.service" = extend "nix-cache-server.service" {
      Unit =
        if isActivated then
          {
            Requires = "nix-cache-server.socket";
            After = static.units."nix-cache-server.service".Unit.After ++ [ "nix-cache-server.socket" ];
          }
        else
          { };
      Service = {
        ExecStart = "${executables.server} --config ${configFile}";
      }
      // (
        if isActivated then
          # The socket's unit decides who comes in.
          { }
        else
          { IPAddressAllow = cacheServer.allow; } // runtimeDirectory
      )
      // (if serverSecrets == [ ] then { } else loadCredentials serverSecrets);
      Install = if isNixServe then { Alias = "nix-serve.service"; } else { };
    };
  }
  // builtins.listToAttrs (
    optional isActivated {
      name = "nix-cache-server.socket";
      value = extend "nix-cache-server.socket" {
        Socket = {
          ListenStream = import ./listen-stream.nix cfg.cacheServer;
          IPAddressAllow = cacheServer.allow;
        };
      };
    }
  );
in
{
  "nix-cache-builder.service" = extend "nix-cache-builder.service" {
    Service =
      builderService "run" [
        "signingKeyFile"
        "sshKeyFile"
        "repoTokenFile"
        "accessTokensFile"
      ]
      // limits.render cfg.resources;
  };
  "nix-cache-builder.timer" = extend "nix-cache-builder.timer" {
    Timer.OnCalendar = calendar.onCalendar;
  };
  "nix-cache-builder-sync.service" = extend "nix-cache-builder-sync.service" {
    Service = builderService "sync" [
      "sshKeyFile"
      "repoTokenFile"
    ];
  };
  "nix-cache-builder-prune.service" = extend "nix-cache-builder-prune.service" {
    Service = builderService "prune" [ ];
  };
  "nix-cache-builder-prune.timer" = extend "nix-cache-builder-prune.timer" { };
}
// (if cacheServer.enable then server else { })
