# What a key of the lockfile's snapshots, such as `vite@8.3.8(esbuild@0.28.2)`, stands for: a package of the registry
# with its hash, installed once for each set of peers that the parentheses list.
lock: key:
let
  inherit (builtins)
    attrNames
    concatStringsSep
    elem
    elemAt
    filter
    head
    isString
    length
    match
    removeAttrs
    split
    substring
    ;

  refuse = what: throw "pnpm-lock.yaml: ${key}: ${what}";

  parts = match "((@[^@/()]+/)?([^@/()]+))@([0-9][^@/:()]*)(\\(.*\\))?" key;
  name = elemAt parts 0;
  baseName = elemAt parts 2;
  version = elemAt parts 3;
  peers = elemAt parts 4;

  entry = lock.packages."${name}@${version}" or (refuse "not in the lockfile's packages");
  resolution = entry.resolution or (refuse "it has no resolution");
  others = attrNames (removeAttrs resolution [
    "integrity"
    "tarball"
  ]);
  integrity = resolution.integrity or (refuse "its resolution has no integrity");

  # A list such as [linux, darwin], or ['!win32'] for all but one; some packages have a name alone.
  allows =
    names: value:
    let
      list = if isString names then [ names ] else names;
      denied = map (item: substring 1 (-1) item) (filter (item: substring 0 1 item == "!") list);
      allowed = filter (item: substring 0 1 item != "!") list;
    in
    !(elem value denied) && (allowed == [ ] || elem value allowed || elem "any" allowed);
in
if parts == null then
  refuse "expected a name and a version of the registry"
else if peers != null && match ".*\\(patch_hash=.*" peers != null then
  refuse "nothing here applies a patch"
else if others != [ ] then
  refuse "expected a tarball of the registry, got a resolution with ${concatStringsSep ", " others}"
else if match "sha512-[A-Za-z0-9+/]{86}==" integrity == null then
  refuse "expected a sha512 integrity, got ${integrity}"
else
  {
    inherit name version;
    hash = integrity;
    url = resolution.tarball or "https://registry.npmjs.org/${name}/-/${baseName}-${version}.tgz";
    directory = import ./directory-name.nix key;
    runsOn =
      { os, cpu, libc }:
      allows (entry.os or [ ]) os && allows (entry.cpu or [ ]) cpu && allows (entry.libc or [ ]) libc;
  }
