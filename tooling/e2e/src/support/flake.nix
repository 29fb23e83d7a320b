# The flake of the end-to-end tests: hosts.json says what each host holds, or how it fails.
{
  # @inputs@

  outputs =
    inputs@{ self, ... }:
    let
      suffix = if inputs ? common then builtins.readFile "${inputs.common}/text" else "";
      hosts = builtins.fromJSON (builtins.readFile ./hosts.json);

      run =
        name: environment: script:
        derivation (
          {
            inherit name;
            system = "@system@";
            builder = "/bin/sh";
            args = [ "-euc" script ];
            PATH = "/bin:/usr/bin:/run/current-system/sw/bin";
          }
          // environment
        );

      shared = run "shared" { } ''
        mkdir -p $out/bin $out/share/doc
        printf '#!/bin/sh\necho shared\n' > $out/bin/shared
        chmod +x $out/bin/shared
        ln -s shared $out/bin/alias
        yes shared | head -c 1000000 > $out/share/large
        : > $out/share/doc/empty
      '';

      toplevel =
        name: host:
        if host.fails or "" == "evaluation" then
          throw "option services.${name} does not exist"
        else
          run "nixos-system-${name}" ({ inherit shared; } // (if host ? system then { inherit (host) system; } else { })) ''
            ${if host.fails or "" == "build" then "echo giving up on ${name}; exit 3" else ""}
            ${if host.fails or "" == "never ends" then "sleep 600" else ""}
            ${if host ? waitsFor then "until [ -e ${host.waitsFor} ]; do sleep 0.1; done" else ""}
            mkdir $out
            printf '%s' '${host.text}${suffix}' > $out/text
            ${if host ? megabytes then "head -c ${toString host.megabytes}000000 /dev/zero > $out/large" else ""}
            ln -s $shared $out/sw
          '';
    in
    {
      nixosConfigurations = builtins.mapAttrs (name: host: {
        config.system.build.toplevel = toplevel name host;
      }) hosts;
    };
}
