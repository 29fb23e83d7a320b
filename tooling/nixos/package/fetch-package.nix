# Fetches the tarball of a package that the lockfile reader found; the hash is the lockfile's own.
{ lib, fetchurl }:
{
  name,
  version,
  url,
  hash,
  ...
}:
fetchurl {
  name = "${lib.replaceStrings [ "@" "/" ] [ "" "-" ] name}-${version}.tgz";
  inherit url hash;
}
