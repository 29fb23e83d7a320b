# Rules that let the LAN reach a port: text for NixOS's firewall, in the language of either backend. Both add to what is
# accepted, and everything else stays refused.
{
  ranges,
  port,
  enableIPv6,
}:
let
  isIpv6 = range: builtins.match ".*:.*" range != null;
  ipv4 = builtins.filter (range: !isIpv6 range) ranges;
  # Without IPv6, NixOS makes no chain for it.
  ipv6 = if enableIPv6 then builtins.filter isIpv6 ranges else [ ];

  acceptBy =
    command: range:
    # Another program may hold the lock of the rules just then, and a line that fails ends the firewall's whole script.
    "${command} -w -A nixos-fw -p tcp -s ${range} --dport ${toString port} -m comment --comment nix-cache-server -j nixos-fw-accept";

  # One rule for each: a set refuses ranges that overlap.
  acceptOf =
    family: range:
    ''${family} saddr ${range} tcp dport ${toString port} accept comment "nix-cache-server"'';

  toText = builtins.concatStringsSep "\n";
in
{
  # The chain goes with the rest of NixOS's when the firewall stops, so that nothing has to be taken back.
  iptables = toText (map (acceptBy "iptables") ipv4 ++ map (acceptBy "ip6tables") ipv6);

  nftables = toText (map (acceptOf "ip") ipv4 ++ map (acceptOf "ip6") ipv6);
}
