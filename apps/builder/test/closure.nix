# A store path that needs paths of any name and size, built without nixpkgs and without a network.
{ system }:
{
  name,
  # Each has a name, a text `build` that tells apart those with the same name, and so many bytes.
  needs,
}:
let
  run =
    name: environment: script:
    derivation (
      {
        inherit name system;
        builder = "/bin/sh";
        args = [ "-euc" script ];
        PATH = "/bin:/usr/bin:/run/current-system/sw/bin";
      }
      // environment
    );
  make =
    { name, build, bytes }:
    run name { inherit build bytes; } ''
      printf '%s' "$build" > $out
      yes "$build" | head -c "$bytes" >> $out
    '';
in
run name { needs = map make needs; } ''printf '%s' "$needs" > $out''
