# Toplevels that look like those of NixOS, built without nixpkgs and without a network.
#
# The shape follows nixpkgs, file by file: nixos/modules/system/activation/top-level.nix and .../system/boot/kernel.nix
# (the toplevel), nixos/modules/system/etc/etc.nix (/etc), nixos/lib/systemd-lib.nix (units). Packages have an output
# for their programs, as those of nixpkgs have.
{ system }:
{
  name,
  # Ends the toplevel's name, as a release does.
  label,
  # Another text rebuilds everything, as another compiler in nixpkgs does.
  rebuild ? "",
  kernel ? "6.12.1",
  systemd ? "256.8",
  kernelParams ? [ "loglevel=4" ],
  # Versions by name.
  packages ? { },
  # Bytes by name, of packages that are to be large.
  sizes ? { },
  # Texts by file name. In them @nginx@ is the path of the package with that name, below that of the file too.
  settings ? { },
  # Texts by the unit's name; multi-user.target wants each of them.
  units ? { },
  # Texts by path below /etc.
  etc ? { },
}:
let
  inherit (builtins) attrNames attrValues concatStringsSep mapAttrs replaceStrings;

  run =
    name: environment: script:
    derivation (
      {
        inherit name system rebuild;
        builder = "/bin/sh";
        args = [ "-euc" script ];
        PATH = "/bin:/usr/bin:/run/current-system/sw/bin";
      }
      // environment
    );

  writeFile = name: text: run name { inherit text; } ''printf '%s' "$text" > $out'';

  makePackage =
    name: version:
    run "${name}-${version}" { outputs = [ "bin" "out" ]; program = name; bytes = sizes.${name} or 0; } ''
      mkdir -p $out/share $bin/bin
      printf '%s' "$program $rebuild" > $out/share/text
      yes "$program" | head -c "$bytes" > $out/share/data
      printf '#!/bin/sh\nexec cat %s/share/text\n' "$out" > "$bin/bin/$program"
    '';

  fillIn =
    paths:
    replaceStrings (map (name: "@${name}@") (attrNames paths)) (map toString (attrValues paths));
  madePackages = mapAttrs makePackage packages;
  madeSettings = mapAttrs (name: text: writeFile name (fillIn madePackages text)) settings;
  fill = fillIn (madePackages // madeSettings);

  madeKernel = run "linux-${kernel}" { } ''
    mkdir $out
    printf 'kernel %s' "$rebuild" > $out/bzImage
  '';
  kernelModules = run "kernel-modules" { modules = madeKernel; } ''
    mkdir -p $out/lib
    ln -s $modules $out/lib/modules
  '';
  initrd = run "initrd-linux-${kernel}" { inherit kernelModules; } ''
    mkdir $out
    printf 'initrd with %s' "$kernelModules" > $out/initrd
  '';
  madeSystemd = run "systemd-${systemd}" { } ''
    mkdir -p $out/example/systemd/system $out/lib/systemd
    printf 'systemd %s' "$rebuild" > $out/lib/systemd/systemd
    printf '[Unit]\nDescription=Multi-User System\n' > $out/example/systemd/system/multi-user.target
    printf '[Service]\nExecStart=%s/lib/systemd/systemd-journald\n' "$out" \
      > $out/example/systemd/system/systemd-journald.service
  '';

  makeUnit =
    name: text:
    run "unit-${replaceStrings [ "@" ] [ "-" ] name}" { unit = name; text = fill text; } ''
      mkdir $out
      printf '%s' "$text" > "$out/$unit"
    '';
  systemUnits = run "system-units" { systemd = madeSystemd; units = attrValues (mapAttrs makeUnit units); } ''
    mkdir -p $out/multi-user.target.wants
    ln -s $systemd/example/systemd/system/* $out/
    for unit in $units; do
      for file in $unit/*; do
        ln -s "$file" $out/
        ln -s "../''${file##*/}" $out/multi-user.target.wants/
      done
    done
    ln -s multi-user.target $out/default.target
  '';

  etcFiles = mapAttrs (
    path: text: writeFile "etc-${replaceStrings [ "/" ] [ "-" ] path}" (fill text)
  ) etc;
  madeEtc = run "etc" { inherit systemUnits; } ''
    mkdir -p $out/etc/systemd
    ln -s $systemUnits $out/etc/systemd/system
    ln -s /proc/mounts $out/etc/mtab
    ${concatStringsSep "\n" (
      attrValues (
        mapAttrs (path: file: ''
          mkdir -p "$(dirname "$out/etc/"'${path}')"
          ln -s ${file} "$out/etc/"'${path}'
        '') etcFiles
      )
    )}
  '';

  systemPath = run "system-path" { programs = attrValues madePackages; } ''
    mkdir -p $out/bin
    for package in $programs; do ln -s "$package"/bin/* $out/bin/; done
  '';
in
run "nixos-system-${name}-${label}"
  {
    inherit initrd kernelModules label systemPath;
    etc = madeEtc;
    kernel = madeKernel;
    kernelParams = map fill kernelParams;
    systemd = madeSystemd;
    targetSystem = system;
  }
  ''
    mkdir -p $out/bin
    printf '#!/bin/sh\nsystemConfig=%s\n' "$out" > $out/init
    ln -s $etc/etc $out/etc
    ln -s $systemPath $out/sw
    ln -s $systemd $out/systemd
    printf 'systemd 2' > $out/init-interface-version
    printf '%s' "$label" > $out/nixos-version
    printf '%s' "$targetSystem" > $out/system
    ln -s $kernel/bzImage $out/kernel
    ln -s $kernelModules $out/kernel-modules
    printf '%s' "$kernelParams" > $out/kernel-params
    ln -s $initrd/initrd $out/initrd
    printf '#!/bin/sh\nexit 0\n' > $out/bin/switch-to-configuration
    : > $out/extra-dependencies
  ''
