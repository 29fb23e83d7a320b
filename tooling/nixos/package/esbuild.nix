# The esbuild that tsup uses according to the lockfile: one static executable, which runs on NixOS, too.
{
  fetchPackage,
  lockfile,
  platform,
}:
let
  tooling = import ../pnpm-lock {
    text = lockfile;
    roots = [ "tooling/tsup" ];
    inherit platform;
  };
  inherit (tooling) packages members;

  tsup = packages.${members."tooling/tsup".dependencies.tsup};
  esbuild = packages.${tsup.dependencies.esbuild};
  name = "@esbuild/${platform.os}-${platform.cpu}";
  key =
    esbuild.dependencies.${name}
      or (throw "expected ${name} among the dependencies of esbuild in pnpm-lock.yaml");
in
fetchPackage packages.${key}
