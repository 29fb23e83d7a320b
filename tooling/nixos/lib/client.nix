# What a list of caches means for a client's nix.conf.
let
  keysOf = server: if builtins.isList server.key then server.key else [ server.key ];

  # A substituter's address is a URL, in which Nix looks for its parameters.
  # https://nix.dev/manual/nix/latest/store/types/http-binary-cache-store
  addPriority =
    { url, priority, ... }:
    if priority == null then
      url
    else
      let
        separator = if builtins.match ".*[?].*" url == null then "?" else "&";
      in
      "${url}${separator}priority=${toString priority}";

  # Only http and https take the parameters of the option, and a fragment would swallow what is put behind it.
  isUrl = url: builtins.match "https?://[^[:space:]/?#]+[^[:space:]#]*" url != null;

  # An Ed25519 public key: 32 bytes are 44 characters of base64, of which the last is padding and the one before holds
  # 4 bits alone.
  isKey = key: builtins.match "[^:[:space:]]+:[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=" key != null;

  checkServer =
    server:
    [
      {
        assertion = isUrl server.url;
        message = ''
          system.nix.cache-servers: "${server.url}" is not the address of a cache. It starts with http:// or https://, as in
            url = "http://cache.lan:5000";'';
      }
      {
        assertion = server.priority == null || server.priority >= 0;
        message = ''
          system.nix.cache-servers: ${server.url} has the priority ${toString server.priority}, which is below 0. Lower is asked
          first, and cache.nixos.org has 40:
            priority = 30;'';
      }
      {
        assertion = keysOf server != [ ];
        message = ''
          system.nix.cache-servers: ${server.url} has no key. `nix-cache-builder client-config` on the builder prints it.'';
      }
    ]
    ++ map (key: {
      assertion = isKey key;
      # Whole keys are not repeated: what was pasted may be the secret one.
      message = ''
        system.nix.cache-servers: ${server.url} has a key that is not a public key of Nix, which is a name, a colon and 44
        characters of base64. `nix-cache-builder client-config` on the builder prints it:
          key = "cache.lan-1:…=";'';
    }) (keysOf server);
in
{
  listAssertions = builtins.concatMap checkServer;

  renderSettings = servers: {
    substituters = map addPriority servers;
    trusted-public-keys = builtins.concatMap keysOf servers;
  };
}
