# Sourced by the commands beside it, with $app set.
root=$(dirname "$(dirname "$(dirname "$(readlink -f "$0")")")")
node=$root/.toolchain/bin/node
if [ ! -x "$node" ] || [ ! -e "$root/node_modules/.installed-lock.yaml" ]; then
  echo "${0##*/}: this checkout is not set up yet: run \`npm start\` or \`npm test\` in $root once" >&2
  exit 1
fi
exec "$node" --conditions=@nix-cache/source "$root/apps/$app/src/main.ts" "$@"
