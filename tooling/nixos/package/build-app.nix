# Builds an app as its npm package is built: the lockfile's esbuild makes one bundle of it and of all that it runs with,
# which is fetched by the hashes that pnpm-lock.yaml has.
{
  lib,
  stdenvNoCC,
  fetchurl,
  makeWrapper,
  nodejs,
  writeText,
}:
{
  # Path of the member, and name of its executable.
  path,
  binary,
  # Programs that are found where PATH has no others of their names.
  runtimePrograms ? [ ],
  # Commands that install more from the working directory, once the executable is there.
  installMore ? "",
}:
let
  root = ../../..;
  lockfile = builtins.readFile (root + "/pnpm-lock.yaml");
  manifest = lib.importJSON (root + "/${path}/package.json");

  platform = import ./npm-platform.nix stdenvNoCC.buildPlatform;
  fetchPackage = import ./fetch-package.nix { inherit lib fetchurl; };
  inherit
    (import ../pnpm-lock {
      text = lockfile;
      roots = [ path ];
      omit = import ./tools.nix;
      inherit platform;
    })
    packages
    members
    ;
  modules = import ./node-modules.nix {
    inherit
      lib
      fetchPackage
      packages
      members
      ;
  };
  esbuild = import ./esbuild.nix {
    inherit
      fetchPackage
      lockfile
      platform
      ;
  };
  bundleFlags = import ./bundle-flags.nix {
    inherit lib;
    options = lib.importJSON ../../tsup/src/app-bundle.json;
  };
  wrapperFlags = lib.optionalString (
    runtimePrograms != [ ]
  ) "--suffix PATH : ${lib.makeBinPath runtimePrograms}";
in
stdenvNoCC.mkDerivation {
  pname = binary;
  inherit (manifest) version;
  src = import ./member-sources.nix {
    inherit lib;
    members = lib.attrNames members;
  };

  strictDeps = true;
  nativeBuildInputs = [
    makeWrapper
    nodejs
  ];

  buildPhase = ''
    runHook preBuild
    # Whatever the one directory at its top is called, and whoever owns what is in it.
    unpackTarball() {
      mkdir -p "$2"
      tar -xzf "$1" -C "$2" --strip-components=1 --no-same-owner --no-same-permissions
    }
    source ${writeText "node-modules.sh" modules.script}
    unpackTarball ${esbuild} esbuild
    esbuild=$PWD/esbuild/bin/esbuild
    (cd ${path} && "$esbuild" main=src/main.ts ${bundleFlags} --outdir=dist --log-level=warning)
    runHook postBuild
  '';

  installPhase = ''
    runHook preInstall
    mkdir -p $out/lib/${binary}
    cp ${path}/dist/*.js ${path}/package.json $out/lib/${binary}
    makeWrapper ${lib.getExe nodejs} $out/bin/${binary} \
      --add-flags $out/lib/${binary}/main.js ${wrapperFlags}
    install -Dm644 -t $out/share/licenses/${binary} LICENSE ${path}/THIRD-PARTY-LICENSES
    install -Dm644 -t $out/share/man/man8 ${path}/man/${binary}.8
    ${installMore}
    runHook postInstall
  '';

  # What was bundled is in the bundle: nothing that runs may need the sources again.
  disallowedReferences = modules.tarballs ++ [ esbuild ];

  meta = {
    inherit (manifest) description;
    license = lib.licenses.mit;
    mainProgram = binary;
    platforms = lib.platforms.linux;
  };
}
