# Every option of the modules, for the documentation: a list of { name, type, default, description, example? }, all of them
# text. `nix-instantiate --store dummy:// --eval --strict --json options.nix` prints it, with no nixpkgs at hand.
import ./lib/list-options.nix (import ./test/choose-lib.nix)
