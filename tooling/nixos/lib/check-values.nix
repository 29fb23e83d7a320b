# Questions about values that the configuration's schema asks, too, there as the system is built: here an answer comes
# sooner, names the option, and keeps the value out of units and firewall rules.
let
  matches = pattern: text: builtins.match pattern text != null;

  # A dotted address, or one with colons, and the bits that the range has in common.
  parseRange = builtins.match "([0-9a-fA-F:.]+)(/([0-9]{1,3}))?";
  octet = "(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";
in
rec {
  isHost = matches "[A-Za-z0-9_][A-Za-z0-9._+-]*";

  isUnique =
    list:
    let
      count = text: builtins.length (builtins.filter (other: other == text) list);
    in
    builtins.all (text: count text == 1) list;

  # What needs no quotes in a unit, in tmpfiles.d or in a shell.
  isPlainPath = matches "(/[A-Za-z0-9_.+,@=-]+)+";

  isInStore =
    path:
    builtins.substring 0 (builtins.stringLength builtins.storeDir + 1) path == "${builtins.storeDir}/";

  isIpv4 = matches "${octet}([.]${octet}){3}";

  # systemd, nftables and the server read the rest of it.
  isIpv6 = matches "[0-9a-fA-F]*:[0-9a-fA-F:.]*";

  isRange =
    text:
    let
      parts = parseRange text;
      address = builtins.elemAt parts 0;
      bits = builtins.elemAt parts 2;
      most = if isIpv4 address then 32 else 128;
    in
    parts != null && (isIpv4 address || isIpv6 address) && (bits == null || toDecimal bits <= most);

  # Ranges of private networks are this narrow or narrower: 10.0.0.0/8 and fc00::/7. Wider ones reach into the internet.
  isNarrow =
    text:
    let
      bits = builtins.elemAt (parseRange text) 2;
      least = if isIpv4 (builtins.elemAt (parseRange text) 0) then 8 else 7;
    in
    bits == null || toDecimal bits >= least;

  show = list: builtins.concatStringsSep ", " (map (text: ''"${text}"'') list);

  # JSON knows no leading zeros.
  toDecimal = digits: builtins.fromJSON (builtins.elemAt (builtins.match "0*([0-9]+)" digits) 0);
}
