# makeWrapper's options that packages here use, after what nixpkgs' own does with them.
makeWrapper() {
  local original=$1 wrapper=$2 flags= path=
  shift 2
  while [ $# -gt 0 ]; do
    case $1 in
      --add-flags)
        flags+=" $2"
        shift 2
        ;;
      --suffix)
        path+="export $2=\${$2:+\$$2$3}$4"$'\n'
        shift 4
        ;;
      *)
        echo "makeWrapper of the stand-in: does not know $1" >&2
        return 1
        ;;
    esac
  done
  mkdir -p "$(dirname "$wrapper")"
  printf '#!/bin/bash -e\n%sexec "%s"%s "$@"\n' "$path" "$original" "$flags" > "$wrapper"
  chmod +x "$wrapper"
}
