# Where a socket unit listens: ListenStream= of systemd.socket(5). A port alone is IPv4, too, or IPv4 alone without IPv6.
{ host, port, ... }:
let
  isUnix = builtins.substring 0 5 host == "unix:";
  isIpv6 = builtins.match ".*:.*" host != null;
in
if isUnix then
  builtins.substring 5 (builtins.stringLength host) host
else if host == "::" then
  toString port
else if host == "localhost" then
  "127.0.0.1:${toString port}"
else if isIpv6 then
  "[${host}]:${toString port}"
else
  "${host}:${toString port}"
