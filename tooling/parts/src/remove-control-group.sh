#!/bin/sh
# remove-control-group.sh CONTROL_GROUP
#
# Removes a control group with those in it. On a machine with both versions of control groups, nspawn has made the same in
# the first version's tree of systemd.
name=${1##*/}
for group in "/sys/fs/cgroup/$name" "/sys/fs/cgroup/unified/$name" "/sys/fs/cgroup/systemd/$name"; do
  if [ -d "$group" ]; then
    find "$group" -depth -type d -exec rmdir {} +
  fi
done
