#!/bin/sh
# hold-network.sh DIRECTORY CONTROL_GROUP PROGRAM...
#
# Runs a program in namespaces of its own, whose end is the end of everything in them: mounts, addresses and processes.
# What is left then, an empty directory and empty control groups, goes too.
trap '' INT TERM HUP
directory=$1 group=$2
shift 2
unshare --mount --net --pid --fork --kill-child "$@"
rmdir "$directory"
sh "${0%/*}/remove-control-group.sh" "$group"
