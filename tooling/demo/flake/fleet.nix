{ common, system }:
let
  # stdenv stands in nixpkgs; a shell and coreutils are all that these derivations need.
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

  motd = run "motd" { source = "${common}/motd"; } ''
    mkdir -p $out/share
    cat $source > $out/share/motd
  '';

  greet = run "greet-1.0" { inherit motd; } ''
    mkdir -p $out/bin
    printf '#!/bin/sh\nexec cat %s/share/motd\n' "$motd" > $out/bin/greet
    chmod +x $out/bin/greet
    ln -s greet $out/bin/welcome
  '';

  # One large file, the same for every host: what a kernel or a font package is in a real closure.
  firmware = run "firmware-2026.11" { } ''
    mkdir -p $out/lib/firmware
    yes "The quick brown fox jumps over the lazy dog." | head -c 50331648 > $out/lib/firmware/blob.bin
  '';

  etc =
    name: role:
    run "etc-${name}" { source = "${common}/etc"; inherit role; } ''
      mkdir -p $out/etc
      cp -r $source/. $out/etc
      chmod -R u+w $out/etc
      printf '%s\n' "${name}" > $out/etc/hostname
      printf '%s\n' "$role" > $out/etc/role
    '';
in
{
  mkHost = name: { role }: {
    config.system.build.toplevel =
      run "nixos-system-${name}-26.11"
        {
          inherit firmware greet;
          etc = etc name role;
        }
        ''
          mkdir -p $out/bin
          ln -s $etc/etc $out/etc
          ln -s $greet $out/sw
          ln -s $firmware/lib/firmware $out/firmware
          printf '%s\n' 26.11 > $out/nixos-version
          printf '#!/bin/sh\nexec %s/bin/greet\n' "$greet" > $out/bin/switch-to-configuration
          chmod +x $out/bin/switch-to-configuration
        '';
  };
}
