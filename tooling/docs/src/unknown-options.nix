# Names in a module that are no options of ours: nothing but names is looked at, so that a module may use what it likes
# of NixOS. A list of texts.
{ module, optionNames }:
let
  inherit (builtins)
    any
    attrNames
    concatMap
    elem
    functionArgs
    isFunction
    isList
    mapAttrs
    stringLength
    substring
    ;

  content = if isFunction module then module (mapAttrs (_: _: null) (functionArgs module)) else module;

  startsWith = prefix: text: substring 0 (stringLength prefix) text == prefix;
  hasMore = name: any (startsWith "${name}.") optionNames;

  walk =
    name: value:
    if !hasMore name then
      [ ]
    else if isList value then
      concatMap (walk "${name}.*") value
    else
      concatMap (
        attribute:
        let
          below = "${name}.${attribute}";
        in
        if elem below optionNames || hasMore below then walk below value.${attribute} else [ below ]
      ) (attrNames value);

  builder = content.services.nix-cache-builder or { };
  originalBuilder = content.custom.services.nix-cache-builder or { };
  clients = content.system.nix.cache-servers or [ ];
in
walk "services.nix-cache-builder" builder
++ walk "services.nix-cache-builder" originalBuilder
++ walk "system.nix.cache-servers" clients
