/** A Nix expression that builds with the shell of the system alone. */
export function shellDerivation(name: string, script: string, extra = ""): string {
  return `derivation {
    name = "${name}"; system = builtins.currentSystem; builder = "/bin/sh";
    PATH = "/bin:/usr/bin"; args = [ "-c" ''${script}'' ]; ${extra}
  }`;
}
