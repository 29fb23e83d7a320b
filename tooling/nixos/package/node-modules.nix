# Shell commands that write, into the working directory, the node_modules of what the lockfile reader found, laid out
# as `pnpm install` does: two versions of a package can be needed at once, which one flat directory cannot hold.
# They call unpackTarball with a file and a directory.
{
  lib,
  fetchPackage,
  packages,
  members,
}:
let
  inherit (lib) concatLists escapeShellArg mapAttrsToList;

  tarballs = lib.mapAttrs (_: fetchPackage) packages;
  siblings = key: "node_modules/.pnpm/${packages.${key}.directory}/node_modules";
  contents = key: "${siblings key}/${packages.${key}.name}";

  unpack = key: [ "unpackTarball ${tarballs.${key}} ${escapeShellArg (contents key)}" ];

  # `from` and `to` are below the working directory. A scoped name is one directory deeper.
  link =
    from: name: to:
    let
      file = "${from}/${name}";
      up = lib.concatMapStrings (_: "../") (lib.splitString "/" (dirOf file));
    in
    [
      "mkdir -p ${escapeShellArg (dirOf file)}"
      "ln -s ${escapeShellArg "${up}${to}"} ${escapeShellArg file}"
    ];
  linkEach = from: targets: concatLists (mapAttrsToList (link from) targets);

  contentsOf = lib.mapAttrs (_: contents);
  installPackage =
    key: { dependencies, ... }: unpack key ++ linkEach (siblings key) (contentsOf dependencies);
  installMember =
    path:
    { dependencies, links }: linkEach "${path}/node_modules" (contentsOf dependencies // links);
in
{
  tarballs = lib.attrValues tarballs;
  script = lib.concatLines (
    concatLists (mapAttrsToList installPackage packages ++ mapAttrsToList installMember members)
  );
}
