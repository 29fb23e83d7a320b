# try-firewall.sh iptables|nftables < RULES
#
# Puts rules where NixOS's firewall has them, and tells who reaches a port before and after: a client with addresses of
# 192.168.0.0/16 and fd00::/8, and an outsider with others. Runs in namespaces of its own, whose end is the end of all of it.
set -eu
backend=$1
rules=$(cat)

# `ip netns` keeps its names below /run.
mount -t tmpfs tmpfs /run
"$IP" link set lo up

# A wire to each of the two, with this machine at the other end.
join() {
  "$IP" netns add "$1"
  "$IP" link add "$1" type veth peer name wire netns "$1"
  "$IP" link set "$1" up
  "$IP" -n "$1" link set wire up
  for network in "$2" "$3"; do
    case $network in
      *:*) bits=64 flags=nodad ;;
      *) bits=24 flags= ;;
    esac
    "$IP" address add "${network}1/$bits" dev "$1" $flags
    "$IP" -n "$1" address add "${network}2/$bits" dev wire $flags
  done
}
join client 192.168.7. fd00:7::
join outsider 10.7.0. 2001:db8::

"$NODE" -e 'require("net").createServer((socket) => socket.end()).listen(5000, "::", () => console.log())' > /run/listening &
while [ ! -s /run/listening ]; do sleep 0.05; done

reach() {
  "$IP" netns exec "$1" "$NODE" -e '
    const socket = require("net").connect(5000, process.argv[1]);
    const tell = (what) => () => { console.log(what); process.exit(); };
    socket.on("connect", tell("reached")).on("error", tell("refused"));
    setTimeout(tell("refused"), 2000);
  ' "$2"
}
look() {
  echo "$1 client $(reach client 192.168.7.1) $(reach client fd00:7::1)"
  echo "$1 outsider $(reach outsider 10.7.0.1) $(reach outsider 2001:db8::1)"
}
look before

case $backend in
  iptables)
    iptables() { "$XTABLES" iptables "$@"; }
    ip6tables() { "$XTABLES" ip6tables "$@"; }
    ip46tables() { iptables -w "$@"; ip6tables -w "$@"; }
    ip46tables -N nixos-fw-accept
    ip46tables -A nixos-fw-accept -j ACCEPT
    ip46tables -N nixos-fw
    # Neighbours are found by it.
    ip6tables -w -A nixos-fw -p icmpv6 -j nixos-fw-accept
    eval "$rules"
    ip46tables -A nixos-fw -j DROP
    ip46tables -A INPUT -j nixos-fw
    ;;
  nftables)
    "$NFT" -f - <<END
table inet nixos-fw {
  chain input {
    type filter hook input priority filter; policy drop;
    jump input-allow
  }
  chain input-allow {
    meta l4proto ipv6-icmp accept
    $rules
  }
}
END
    ;;
esac
look after
kill $!
