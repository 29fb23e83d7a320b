# The member that a version such as `link:../../packages/config` names, seen from the member at a path.
path: version:
let
  inherit (builtins)
    concatStringsSep
    elemAt
    filter
    foldl'
    genList
    isString
    length
    split
    substring
    ;

  partsOf = text: filter (part: isString part && part != "" && part != ".") (split "/" text);
  allButLast = list: genList (elemAt list) (length list - 1);

  enter =
    parts: part:
    if part != ".." then
      parts ++ [ part ]
    else if parts == [ ] then
      throw "pnpm-lock.yaml: ${path}: expected a link to a member of the workspace, got ${version}"
    else
      allButLast parts;
  target = foldl' enter (partsOf path) (partsOf (substring 5 (-1) version));
in
if target == [ ] then "." else concatStringsSep "/" target
