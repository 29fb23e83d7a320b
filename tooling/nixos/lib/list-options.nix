# Every option of the modules as { name, type, default, description, example? }, all of them text.
lib:
let
  evaluated = lib.evalModules {
    modules = [
      ../modules/builder.nix
      ../modules/client.nix
      ../test/nixos-options.nix
    ];
    # No package is looked at: their defaults are texts.
    specialArgs.pkgs = { };
  };

  show =
    value:
    if builtins.isAttrs value && value ? text then
      value.text
    else if builtins.isList value then
      if value == [ ] then "[ ]" else "[ ${builtins.concatStringsSep " " (map show value)} ]"
    else if builtins.isAttrs value then
      if value == { } then
        "{ }"
      else
        "{ ${builtins.concatStringsSep " " (map (name: "${name} = ${show value.${name}};") (builtins.attrNames value))} }"
    else
      builtins.toJSON value;

  describe =
    option:
    {
      name = builtins.concatStringsSep "." option.loc;
      type = option.type.description;
      inherit (option) description;
      default =
        if builtins.isString option.defaultText or null then
          option.defaultText
        else
          show (option.defaultText or option.default or { text = "required"; });
    }
    // (if option ? example then { example = show option.example; } else { });

  # Options of a submodule come after the option whose type it is; names with an underscore are the module system's own.
  list =
    tree:
    builtins.concatMap (
      name:
      let
        node = tree.${name};
        below = node.type.getSubOptions node.loc;
      in
      if node._type or "" == "option" then [ (describe node) ] ++ list below else list node
    ) (builtins.filter (name: builtins.substring 0 1 name != "_") (builtins.attrNames tree));
in
list {
  inherit (evaluated.options.services) nix-cache-builder;
  inherit (evaluated.options.system.nix) cache-servers;
}
