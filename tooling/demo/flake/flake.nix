{
  description = "A fleet of four hosts that builds without nixpkgs and without a network";

  # The launcher puts in the two values between @ signs: where the second repository is, and this machine's system.
  inputs.common = {
    url = "@common@";
    flake = false;
  };

  outputs =
    { self, common }:
    let
      fleet = import ./fleet.nix {
        inherit common;
        system = "@system@";
      };
    in
    {
      nixosConfigurations = builtins.mapAttrs (name: fleet.mkHost name) (import ./hosts.nix);
    };
}
