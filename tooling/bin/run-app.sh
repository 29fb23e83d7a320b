# Sourced by the commands beside it, with $app set.
root=$(dirname "$(dirname "$(dirname "$(readlink -f "$0")")")")
node=$root/.toolchain/bin/node
if [ ! -x "$node" ] || [ ! -e "$root/node_modules/.installed-lock.yaml" ]; then
  echo "${0##*/}: this checkout is not set up yet: run \`npm start\` or \`npm test\` in $root once" >&2
  exit 1
fi
# Node keeps there what it makes of the sources: without it, each start takes twice as long.
export NODE_COMPILE_CACHE="${NODE_COMPILE_CACHE:-$root/.toolchain/compile-cache}"
exec "$node" --conditions=@nix-cache/source "$root/apps/$app/src/main.ts" "$@"
