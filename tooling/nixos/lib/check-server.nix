# The cache server: its address, its port, who else is there, and who can reach it.
{
  cfg,
  check,
  machine,
  name,
  values,
}:
let
  inherit (cfg.cacheServer) host port;
  socket = if isUnix then builtins.substring 5 (builtins.stringLength host) host else null;
  isUnix = builtins.substring 0 5 host == "unix:";
  isInOwnDirectory = builtins.match "/run/[^/]+/[^/]+" socket != null;
  isAddress = host == "localhost" || values.isIpv4 host || values.isIpv6 host;

  badRanges = builtins.filter (range: !values.isRange range) cfg.lanRanges;
  wideRanges = builtins.filter (
    range: values.isRange range && !values.isNarrow range
  ) cfg.lanRanges;
  isInRange = { from, to }: from <= port && port <= to;
  isOpen =
    builtins.elem port machine.openPorts || builtins.any isInRange machine.openPortRanges;
in
[
  (check (isAddress || (isUnix && values.isPlainPath socket)) ''
    ${name}.cacheServer.host is "${host}". It is an IP address, localhost, or a socket's path, as in
      ${name}.cacheServer.host = "::";'')
  (check (!isUnix || cfg.cacheServer.socketActivation || isInOwnDirectory) ''
    ${name}.cacheServer.host is "${host}", where the server has no right to make a socket. It has a directory right below
    /run, as in
      ${name}.cacheServer.host = "unix:/run/nix-cache-server/socket";'')
  (check (port != 0) ''
    ${name}.cacheServer.port is 0, which is another port at each start. Clients need to know it:
      ${name}.cacheServer.port = 5000;'')
  (check (isUnix || cfg.cacheServer.socketActivation || port == 0 || port >= 1024) ''
    ${name}.cacheServer.port is ${toString port}: below 1024 only root may listen, and the server is not root. Let systemd listen:
      ${name}.cacheServer.socketActivation = true;'')
  (check (badRanges == [ ]) ''
    ${name}.lanRanges: ${values.show badRanges} is no range of addresses. A range looks like this:
      ${name}.lanRanges = [ "192.168.0.0/16" ];'')
  (check (wideRanges == [ ]) ''
    ${name}.lanRanges: ${values.show wideRanges} reaches beyond any LAN, and the cache is never opened to the world. Name the
    addresses of your network, as in
      ${name}.lanRanges = [ "192.168.0.0/16" ];'')
  (check (!isOpen) ''
    networking.firewall opens port ${toString port} to everybody. Take it out of allowedTCPPorts and allowedTCPPortRanges: the
    module lets the addresses of your network through, which are
      ${name}.lanRanges = [ ${values.show cfg.lanRanges} ];'')
]
++ map (
  other:
  check (isUnix || other.port != port) ''
    services.${other.service} listens on port ${toString port}, too. Turn it off, since nix-cache-server takes its place with the same
    key and the same clients, or let one of the two have another port:
      ${name}.cacheServer.port = ${toString (port + 1)};''
) machine.otherCaches
