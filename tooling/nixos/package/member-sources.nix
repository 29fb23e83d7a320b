# The files that a bundle of some members of the workspace is made from, without tests: a change to anything else
# rebuilds nothing.
{ lib, members }:
let
  root = ../../..;
  rootFiles = [
    "LICENSE"
    "tsconfig.base.json"
  ];

  isWithin = directory: path: path == directory || lib.hasPrefix "${directory}/" path;
  leadsTo = directory: path: lib.hasPrefix "${path}/" directory;

  leftOut = [
    ".turbo"
    ".vitest"
    "dist"
    "node_modules"
    "test"
  ];
  isSource =
    name: type:
    if type == "directory" then
      !(lib.elem name leftOut)
    else
      !(lib.any (suffix: lib.hasSuffix suffix name) [
        ".bench.ts"
        ".md"
        ".test.ts"
      ]);
in
builtins.path {
  name = "source";
  path = root;
  filter =
    file: type:
    let
      path = lib.removePrefix "${toString root}/" (toString file);
    in
    lib.elem path rootFiles
    || type == "directory" && lib.any (member: leadsTo member path) members
    || isSource (baseNameOf path) type && lib.any (member: isWithin member path) members;
}
