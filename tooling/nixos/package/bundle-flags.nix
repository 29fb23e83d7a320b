# esbuild's command line for the options that tsup takes from the same file. An option that this does not know throws.
{ lib, options }:
let
  list = lib.concatStringsSep ",";
  flags = {
    target = value: "--target=${value}";
    splitting = value: "--splitting=${lib.boolToString value}";
    tsconfig = value: "--tsconfig=${value}";
    mainFields = value: "--main-fields=${list value}";
    conditions = value: "--conditions=${list value}";
    banner = value: "--banner:js=${value}";
  };
  refuse = name: throw "app-bundle.json: expected an option that the Nix package knows, got ${name}";
  toFlag = name: value: (flags.${name} or (refuse name)) value;
in
lib.escapeShellArgs (
  [
    "--bundle"
    "--format=esm"
    "--platform=node"
  ]
  ++ lib.mapAttrsToList toFlag options
)
