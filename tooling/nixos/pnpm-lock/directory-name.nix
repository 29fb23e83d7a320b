# What pnpm calls the directory of a package below node_modules/.pnpm; see depPathToFilename in its
# @pnpm/deps.path. No name is longer than 120 characters, or differs from another one only in case.
key:
let
  inherit (builtins)
    hashString
    match
    replaceStrings
    stringLength
    substring
    ;

  flat = replaceStrings [ "/" "\\" ":" "*" "?" "\"" "<" ">" "|" "#" ] [ "+" "+" "+" "+" "+" "+" "+" "+" "+" "+" ] key;
  inside = if match ".*\\(.*\\)" flat == null then flat else substring 0 (stringLength flat - 1) flat;
  name = replaceStrings [ ")(" "(" ")" ] [ "_" "_" "_" ] inside;

  maxLength = 120;
  hash = substring 0 32 (hashString "sha256" name);
in
if stringLength name > maxLength || match ".*[A-Z].*" name != null then
  "${substring 0 (maxLength - 33) name}_${hash}"
else
  name
