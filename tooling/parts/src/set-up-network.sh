#!/bin/sh
# set-up-network.sh DIRECTORY IP ADDRESS...
#
# Makes a network for each address, this router's, with a bridge that machines are joined to: net0, net1 and so on. Prints
# its process number as the machine sees it, and goes on until its standard input ends, which it does with the test, however
# that ends.
set -e
read -r pid rest < /proc/self/stat
mount --types proc proc /proc
# nspawn keeps notes below /run, which the machine must not be left with.
mount --types tmpfs --options mode=0755 tmpfs /run
mount --types tmpfs --options mode=0755 tmpfs "$1"
# It derives addresses of links from the machine's ID, which not every machine has.
mkdir "$1/etc" "$1/etc-work"
mount --types overlay --options "lowerdir=/etc,upperdir=$1/etc,workdir=$1/etc-work" overlay /etc
tr -d - < /proc/sys/kernel/random/uuid > /etc/machine-id
ip=$2
shift 2
"$ip" link set lo up
echo 1 > /proc/sys/net/ipv4/ip_forward
number=0
for address; do
  "$ip" link add "net$number" type bridge
  "$ip" address add "$address/24" dev "net$number"
  "$ip" link set "net$number" up
  number=$((number + 1))
done
echo "$pid"
exec cat
