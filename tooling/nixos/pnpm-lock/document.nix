# The lockfile proper, checked: pnpm may put another document before it, about pnpm itself and configuration.
text:
let
  inherit (builtins)
    attrNames
    concatStringsSep
    elemAt
    filter
    isString
    length
    removeAttrs
    split
    substring
    ;

  refuse = what: throw "pnpm-lock.yaml: ${what}";

  documents = filter isString (split "\n---\n" "\n${text}");
  document =
    if length documents == 1 then
      text
    else if length documents == 3 && elemAt documents 0 == "" then
      elemAt documents 2
    else
      refuse "expected the lockfile alone, or one document before it";

  lock = import ./yaml.nix document;
  version = lock.lockfileVersion or "none";

  # `patchedDependencies` is not among them: nothing here applies a patch.
  understood = [
    "catalogs"
    "ignoredOptionalDependencies"
    "importers"
    "lockfileVersion"
    "overrides"
    "packageExtensionsChecksum"
    "packages"
    "pnpmfileChecksum"
    "settings"
    "snapshots"
    "time"
  ];
  others = attrNames (removeAttrs lock understood);
in
if version != "9.0" then
  refuse "expected lockfileVersion 9.0, got ${version}"
else if others != [ ] then
  refuse "nothing here handles ${concatStringsSep ", " others}"
else
  lock
