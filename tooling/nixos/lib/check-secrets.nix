# Secrets that are written where everybody could read them. This is said before the configuration file is made: what has
# been in the store once stays readable there. No message repeats the value.
{
  cfg,
  check,
  name,
}:
let
  matches = pattern: text: builtins.match pattern text != null;
  repository = toString cfg.flakeRepo;

  # A user name alone is often a token of a forge, except beside a file that has the token.
  hasPassword = matches "[^/]*://[^/?#]*:[^/?#]*@.*" repository;
  hasUser = matches "[^/]*[hH][tT][tT][pP][sS]?://[^/?#]*@.*" repository;
  isSecret = hasPassword || (hasUser && cfg.repoTokenFile == null);

  settings = cfg.settings.nix.settings or { };
  hasTokens = settings ? access-tokens || settings ? extra-access-tokens;
in
[
  (check (!isSecret) ''
    ${name}.flakeRepo has a password or a token in it, which everybody could read in the store. Change it at the forge if this
    configuration was ever built or pushed, and put it into a file that sops-nix, agenix or you make:
      ${name}.repoTokenFile = "/run/secrets/forge-token";
    Beside that, a user name alone may stay in the address.'')
  (check (!hasTokens) ''
    ${name}.settings.nix.settings has access tokens, which everybody could read in the store. Change them at the forge if this
    configuration was ever built or pushed, and put them into a file that sops-nix, agenix or you make:
      ${name}.accessTokensFile = "/run/secrets/access-tokens";'')
]
