# The functions of nixpkgs' lib that the packages call.
let
  inherit (builtins)
    attrNames
    concatMap
    concatStringsSep
    filter
    fromJSON
    isString
    listToAttrs
    match
    readFile
    replaceStrings
    split
    stringLength
    substring
    ;
in
rec {
  inherit (builtins)
    any
    attrNames
    attrValues
    concatLists
    concatStringsSep
    elem
    functionArgs
    intersectAttrs
    mapAttrs
    replaceStrings
    ;

  genAttrs = names: valueOf: listToAttrs (map (name: { inherit name; value = valueOf name; }) names);
  mapAttrsToList = toItem: set: map (name: toItem name set.${name}) (attrNames set);

  hasPrefix = prefix: text: substring 0 (stringLength prefix) text == prefix;
  hasSuffix =
    suffix: text:
    let
      rest = stringLength text - stringLength suffix;
    in
    rest >= 0 && substring rest (-1) text == suffix;
  removePrefix = prefix: text: if hasPrefix prefix text then substring (stringLength prefix) (-1) text else text;
  splitString = separator: text: filter isString (split separator text);
  concatLines = lines: concatStringsSep "" (map (line: "${line}\n") lines);
  concatMapStrings = toText: list: concatStringsSep "" (map toText list);
  optionalString = condition: text: if condition then text else "";
  boolToString = value: if value then "true" else "false";

  escapeShellArg =
    argument:
    let
      text = toString argument;
    in
    if match "[[:alnum:],._+:@%/-]+" text == null then "'${replaceStrings [ "'" ] [ "'\\''" ] text}'" else text;
  escapeShellArgs = concatMapStringsSep " " escapeShellArg;
  concatMapStringsSep = separator: toText: list: concatStringsSep separator (map toText list);

  importJSON = file: fromJSON (readFile file);
  getExe = package: "${package}/bin/${package.meta.mainProgram}";
  makeBinPath = packages: concatStringsSep ":" (map (package: "${package}/bin") packages);

  licenses.mit.spdxId = "MIT";
  platforms.linux = [
    "x86_64-linux"
    "aarch64-linux"
  ];
}
