# The directories that the builder writes.
cfg:
let
  inherit (cfg)
    cacheDir
    flakePath
    rootsDir
    stateDir
    ;

  isBelow =
    directory: path:
    builtins.substring 0 (builtins.stringLength directory + 1) path == "${directory}/";

  parent = builtins.dirOf flakePath;
  outside = if isBelow stateDir flakePath then [ ] else [ parent ];
  owner = "nix-cache-builder";
in
{
  # Nix may lack the directory of GC roots, which keeps nothing from running: other roots stand in for it.
  writable = [
    stateDir
    cacheDir
    "-${rootsDir}"
  ]
  ++ outside;

  # Lines of tmpfiles.d(5). A colon leaves a directory that is there to whom it belongs.
  tmpfiles =
    map (path: "d ${path} 0755 ${owner} ${owner} -") [
      stateDir
      cacheDir
      rootsDir
    ]
    ++ map (path: "d ${path} :0755 :${owner} :${owner} -") outside;
}
