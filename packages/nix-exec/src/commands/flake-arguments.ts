/**
 * Options of every command that evaluates a flake: the configuration that a fetched flake.nix asks for is
 * never accepted, whatever nix.conf says.
 */
export const FLAKE_ARGUMENTS: readonly string[] = ["--option", "accept-flake-config", "false"];
