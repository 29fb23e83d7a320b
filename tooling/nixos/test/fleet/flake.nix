{
  description = "Two hosts that build in Nix's sandbox without nixpkgs, a network, or any program but its shell";

  outputs =
    _:
    let
      # The shell of the sandbox has no mkdir: what it writes are files.
      write =
        name: script:
        derivation {
          inherit name;
          system = builtins.readFile ./system;
          builder = "/bin/sh";
          args = [
            "-euc"
            script
          ];
        };

      motd = write "motd" ''echo "Built at night." > "$out"'';

      makeHost = name: {
        config.system.build.toplevel = write "nixos-system-${name}" ''echo "${name}: ${motd}" > "$out"'';
      };
    in
    {
      nixosConfigurations = {
        desktop = makeHost "desktop";
        laptop = makeHost "laptop";
      };
    };
}
