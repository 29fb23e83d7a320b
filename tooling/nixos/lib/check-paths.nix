# Paths that would be read by everybody, delete what is not theirs, or need quotes where none are.
{
  cfg,
  check,
  name,
  values,
}:
let
  isGiven = entry: entry.path != null;
  reserved = [
    "accessTokensFile"
    "repoTokenFile"
    "signingKeyFile"
    "sshKeyFile"
  ];
  # Without dots: what this program adds of its own has some.
  isFree = id: builtins.match "[A-Za-z0-9_-]+" id != null && !builtins.elem id reserved;
  ids = builtins.attrNames cfg.credentials;
  badIds = builtins.filter (id: !isFree id) ids;

  asText = entry: entry // { path = toString entry.path; };

  secrets = map asText (
    builtins.filter isGiven (
      map
        (option: {
          inherit option;
          path = cfg.${option};
        })
        reserved
      ++ map (path: {
        inherit path;
        option = "cacheServer.signingKeyFiles";
      }) (builtins.filter (path: path != cfg.signingKeyFile) cfg.cacheServer.signingKeyFiles)
      ++ map (id: {
        option = "credentials.${id}";
        path = cfg.credentials.${id};
      }) (builtins.filter isFree ids)
    )
  );

  directories =
    map
      (option: {
        inherit option;
        path = cfg.${option};
      })
      [
        "cacheDir"
        "flakePath"
        "rootsDir"
        "stateDir"
      ];

  example =
    option:
    if option == "cacheServer.signingKeyFiles" then
      ''[ "/run/secrets/cache-key" ]''
    else
      ''"/run/secrets/cache-key"'';

  # A repository may be a directory, too.
  repository =
    if cfg.flakeRepo == null then null else builtins.match "(file://)?(/.*)" cfg.flakeRepo;
  places =
    directories
    ++ (
      if repository == null then
        [ ]
      else
        [
          {
            option = "flakeRepo";
            path = builtins.elemAt repository 1;
          }
        ]
    );
  isHidden = path: builtins.match "/(var/)?tmp(/.*)?" path != null;

  contains =
    outer: inner:
    builtins.substring 0 (builtins.stringLength outer + 1) "${inner}/" == "${outer}/";
  swallowed = builtins.filter (entry: contains cfg.flakePath entry.path) (
    builtins.filter (entry: entry.option != "flakePath") directories
  );
in
map (
  { option, path }:
  check (values.isPlainPath path) ''
    ${name}.${option} is "${path}". It has to be an absolute path of letters, digits and _.+,@=- without a slash at its end.''
) (directories ++ secrets)
++ map (
  { option, path }:
  check (!isHidden path) ''
    ${name}.${option} is ${path}, which the services cannot see: they have a /tmp and a /var/tmp of their own. Choose another place,
    such as a directory below /var/lib or /srv.''
) places
++ map (
  { option, path }:
  check (!values.isInStore path) ''
    ${name}.${option} is ${path}, in the store, where everybody can read it. Write the path as text, in quotes, of a file
    that sops-nix, agenix or you put there, as in
      ${name}.${option} = ${example option};''
) secrets
++ [
  (check (badIds == [ ]) ''
    ${name}.credentials: ${values.show badIds} is no name for a further secret. It is of letters, digits, _ and -, and another than
    those of the options for secrets, as in
      ${name}.credentials.secrets-key = "/run/secrets/secrets-key";'')
  (check (swallowed == [ ]) ''
    ${name}.flakePath is ${cfg.flakePath}, which holds ${values.show (map (entry: entry.option) swallowed)}: whatever is not of the
    repository is deleted there. Give it a directory of its own, as in
      ${name}.flakePath = "${cfg.stateDir}/flake";'')
  (check (contains cfg.stateDir cfg.flakePath || builtins.dirOf cfg.flakePath != "/") ''
    ${name}.flakePath is ${cfg.flakePath}, beside which the builder would have to write. Give it a directory of its own, as in
      ${name}.flakePath = "${cfg.stateDir}/flake";'')
]
