# The options as the configuration file of both programs: packages/config has its schema.
cfg:
let
  loopback = [
    "127.0.0.0/8"
    "::1/128"
  ];

  # What is not given is left out, and its default is the schema's.
  dropNulls =
    set: removeAttrs set (builtins.filter (name: set.${name} == null) (builtins.attrNames set));

  # A path literal would be copied into the store, where everybody can read it, were it put into text as it is.
  toPath = path: if path == null then null else toString path;

  inherit (cfg) settings;

  named = {
    builder = dropNulls {
      inherit (cfg)
        buildSchedule
        buildTime
        cacheDir
        flakeBranch
        flakePath
        flakeRepo
        hosts
        keepGenerations
        maxCacheSize
        rootsDir
        stateDir
        updateFlake
        ;
      accessTokensFile = toPath cfg.accessTokensFile;
      repoTokenFile = toPath cfg.repoTokenFile;
      signingKeyFile = toPath cfg.signingKeyFile;
      sshKeyFile = toPath cfg.sshKeyFile;
      evalMemory = if cfg.resources.evalMemoryMax == 0 then null else cfg.resources.evalMemoryMax;
    };
    cacheServer = {
      inherit (cfg.cacheServer)
        enable
        host
        port
        priority
        socketActivation
        ;
      allow = cfg.lanRanges ++ loopback;
      signingKeyFiles = map toPath cfg.cacheServer.signingKeyFiles;
    };
  };

  # The option that stands for a key, where it has another name.
  optionNames = {
    allow = "lanRanges";
    evalMemory = "resources.evalMemoryMax";
  };

  optionOf =
    section: key: optionNames.${key} or (if section == "cacheServer" then "cacheServer.${key}" else key);

  keysWithOption = {
    builder = builtins.attrNames named.builder ++ [
      "accessTokensFile"
      "evalMemory"
      "flakeRepo"
      "repoTokenFile"
    ];
    cacheServer = builtins.attrNames named.cacheServer;
  };
  findShadowed =
    section:
    let
      isShadowed = key: builtins.elem key keysWithOption.${section};
    in
    map (key: {
      key = "${section}.${key}";
      option = optionOf section key;
    }) (builtins.filter isShadowed (builtins.attrNames settings.${section}));
in
{
  value = {
    inherit (settings) nix;
    builder = settings.builder // named.builder;
    cacheServer = settings.cacheServer // named.cacheServer;
  };

  # Keys of `settings` that an option stands for, which would win without a word.
  shadowed = builtins.concatMap findShadowed (builtins.attrNames keysWithOption);
}
