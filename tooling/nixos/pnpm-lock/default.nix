# Reads pnpm-lock.yaml: every package of the registry that some members of the workspace need, with the hash that the
# lockfile has of it, and whose node_modules it belongs in. Needs neither nixpkgs nor a build, and throws on what it
# does not handle.
#
#   text       the lockfile
#   roots      paths of members whose devDependencies count, too: a bundled app has all it runs with among those
#   omit       names left out of what the roots depend on
#   platform   os, cpu and libc in npm's words; optional packages for others are left out
#
# Gives
#   packages.<key>    name, version, url, hash, directory (below node_modules/.pnpm), dependencies (name to key)
#   members.<path>    dependencies (name to key), links (name to the path of another member)
{
  text,
  roots,
  omit ? [ ],
  platform ? {
    os = "linux";
    cpu = "x64";
    libc = "glibc";
  },
}:
let
  inherit (builtins)
    attrNames
    attrValues
    concatMap
    elem
    filter
    genericClosure
    listToAttrs
    mapAttrs
    match
    removeAttrs
    ;

  lock = import ./document.nix text;
  registryPackage = import ./registry-package.nix lock;
  linkTarget = import ./link-target.nix;

  filterNames = keep: set: removeAttrs set (filter (name: !(keep name set.${name})) (attrNames set));
  attrsFor =
    names: valueOf:
    listToAttrs (
      map (name: {
        inherit name;
        value = valueOf name;
      }) names
    );
  # Names, with what the operator finds from them, once each.
  closureOf =
    names: operator:
    map (found: found.key) (genericClosure {
      startSet = map (key: { inherit key; }) names;
      operator = { key }: map (found: { key = found; }) (attrValues (operator key));
    });

  # A dependency under another name than its own has its key for a version.
  keyFor =
    name: version:
    if match "[0-9].*" version != null then
      "${name}@${version}"
    else if match "(@[^@/:()]+/)?[^@/:()]+@[0-9].*" version != null then
      version
    else
      throw "pnpm-lock.yaml: ${name}: expected a version of the registry, got ${version}";
  keysOf = mapAttrs keyFor;
  runnable = filterNames (_: key: (registryPackage key).runsOn platform);

  isLink = _: version: match "link:.*" version != null;
  versionsIn = mapAttrs (_: dependency: dependency.version);

  readMember =
    path:
    let
      importer = lock.importers.${path} or (throw "pnpm-lock.yaml: expected an importer ${path}");
      isRoot = elem path roots;
      regular = importer.dependencies or { } // (if isRoot then importer.devDependencies or { } else { });
      required = versionsIn (if isRoot then removeAttrs regular omit else regular);
      optional = versionsIn (importer.optionalDependencies or { });
    in
    {
      dependencies =
        keysOf (filterNames (name: version: !(isLink name version)) required) // runnable (keysOf optional);
      links = mapAttrs (_: linkTarget path) (filterNames isLink required);
    };

  members = attrsFor (closureOf roots (path: (readMember path).links)) readMember;

  dependenciesOf =
    key:
    let
      snapshot = lock.snapshots.${key} or (throw "pnpm-lock.yaml: expected a snapshot ${key}");
    in
    keysOf (snapshot.dependencies or { }) // runnable (keysOf (snapshot.optionalDependencies or { }));

  needed = concatMap (member: attrValues member.dependencies) (attrValues members);
in
{
  inherit members;
  packages = attrsFor (closureOf needed dependenciesOf) (
    key: removeAttrs (registryPackage key) [ "runsOn" ] // { dependencies = dependenciesOf key; }
  );
}
