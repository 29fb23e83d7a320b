# The packages of nixpkgs that this repository's packages ask for. What runs in a build is this machine's: Node, and the
# programs below /bin and /usr, which the sandbox has to let in.
{ lib, system }:
let
  # Written by the test: where Node is, and which registry of npm packages this machine uses.
  host = lib.importJSON ./host.json;

  callPackages = file: arguments: import file (builtins.intersectAttrs (lib.functionArgs (import file)) packages // arguments);

  stdenvNoCC = import ./stdenv.nix { inherit lib system; };

  # A package that has nothing but these commands, each a link to where this machine has it.
  linkPrograms =
    name: programs:
    stdenvNoCC.mkDerivation {
      inherit name;
      installPhase = "mkdir -p $out/bin\n" + lib.concatLines (lib.mapAttrsToList (program: path: "ln -s ${path} $out/bin/${program}") programs);
      meta.mainProgram = builtins.head (lib.attrNames programs);
    };
  linkUsrBin = name: programs: linkPrograms name (lib.genAttrs programs (program: "/usr/bin/${program}"));

  packages = {
    inherit lib callPackages stdenvNoCC;
    stdenv.hostPlatform = { inherit system; };

    fetchurl =
      { name, url, hash }:
      import <nix/fetchurl.nix> {
        inherit name hash;
        url = lib.replaceStrings [ "https://registry.npmjs.org/" ] [ host.registry ] url;
      };

    nodejs_24 = linkPrograms "nodejs" { node = host.node; };
    git = linkUsrBin "git" [ "git" ];
    openssh = linkUsrBin "openssh" [ "ssh" ];
    util-linux = linkUsrBin "util-linux" [ "flock" ];
    makeWrapper = stdenvNoCC.mkDerivation {
      name = "make-wrapper";
      installPhase = ''
        mkdir -p $out/nix-support
        cp ${./make-wrapper.sh} $out/nix-support/setup-hook
      '';
    };

    nixfmt-tree = linkUsrBin "nixfmt-tree" [ "true" ];
    writeText = name: text: stdenvNoCC.mkDerivation {
      inherit name text;
      installPhase = ''printf %s "$text" > $out'';
    };
    testers.runNixOSTest = _: packages.writeText "vm-test" "no virtual machines in the stand-in";
  };
in
packages
