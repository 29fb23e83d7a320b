# The files with secrets: read by systemd as root, so that they stay 0400 and root's.
{ lib }:
let
  inherit (lib) literalExpression mkOption types;
in
{
  options = {
    signingKeyFile = mkOption {
      type = types.path;
      default = "/run/secrets/nix-cache-priv-key";
      example = literalExpression ''
        # sops-nix, beside sops.secrets.nix-cache-priv-key = { };
        config.sops.secrets.nix-cache-priv-key.path
        # agenix, beside age.secrets.nix-cache-priv-key.file = ./secrets/nix-cache-priv-key.age;
        # config.age.secrets.nix-cache-priv-key.path
      '';
      description = ''
        Secret key in Nix's format that everything published is signed with. systemd reads it as root and hands it over:
        it stays 0400 and root's, as sops-nix and agenix leave it.
      '';
    };

    sshKeyFile = mkOption {
      type = types.path;
      default = "/root/.ssh/id_ed25519";
      description = ''
        Private key for a repository over SSH, and for inputs over SSH; best a read-only deploy key without passphrase.
        Used only if present. systemd reads it as root.
      '';
    };

    repoTokenFile = mkOption {
      type = types.nullOr types.path;
      default = null;
      example = "/run/secrets/forge-token";
      description = "File with an access token that may read an `https://` repository. systemd reads it as root.";
    };

    credentials = mkOption {
      type = types.attrsOf types.path;
      default = { };
      example.secrets-key = "/run/secrets/secrets-key";
      description = ''
        Further secrets of runs and syncs, by name, such as keys for other repositories than the flake's: the file that
        `settings.builder.sshConfigFile` names finds them at `''${CREDENTIALS_DIRECTORY}/<name>`. systemd reads them as
        root. Only the services have them, and not a command run by hand.
      '';
    };

    accessTokensFile = mkOption {
      type = types.nullOr types.path;
      default = null;
      example = "/run/secrets/access-tokens";
      description = ''
        File with access tokens for the forges of the flake's inputs: lines `github.com=TOKEN`, or `access-tokens = …` as
        in nix.conf. systemd reads it as root.
      '';
    };
  };
}
