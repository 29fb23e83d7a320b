# A test double for the part of nixpkgs' `lib` that the modules use: options, their types, conditions and priorities.
# It knows no order of definitions (mkBefore, mkAfter), no freeform modules, and its error texts are its own.
let
  inherit (builtins) all attrNames attrValues concatLists concatMap elem elemAt filter foldl' head isAttrs isList length;
  inherit (builtins) isBool isFunction isInt isString listToAttrs mapAttrs match tail toJSON;

  wrap = _type: rest: rest // { inherit _type; };
  typeOf = value: if isAttrs value then value._type or "" else "";
  mkIf = condition: content: wrap "if" { inherit condition content; };
  mkMerge = contents: wrap "merge" { inherit contents; };
  mkOverride = priority: content: wrap "override" { inherit priority content; };
  showLoc = builtins.concatStringsSep ".";
  setAttrByPath = path: value: if path == [ ] then value else { ${head path} = setAttrByPath (tail path) value; };
  attrByPath = path: set: foldl' (inner: name: inner.${name}) set path;

  # Values with their priority; conditions are looked at here, and no earlier.
  discharge =
    value:
    {
      merge = concatMap discharge value.contents;
      "if" = if value.condition then discharge value.content else [ ];
      override = map (found: found // { inherit (value) priority; }) (discharge value.content);
    }
    .${typeOf value} or [ { inherit value; priority = 100; } ];

  strongest =
    definitions:
    let
      found = concatMap discharge definitions;
      least = foldl' (least: { priority, ... }: if priority < least then priority else least) 9999 found;
    in
    map (definition: definition.value) (filter ({ priority, ... }: priority == least) found);

  # Conditions and priorities of a set become those of its attributes, whose names are known without them.
  pushDown =
    value:
    {
      merge = concatMap pushDown value.contents;
      "if" = map (mapAttrs (_: mkIf value.condition)) (pushDown value.content);
      override = map (mapAttrs (_: mkOverride value.priority)) (pushDown value.content);
    }
    .${typeOf value} or [ value ];

  namesOf = sets: attrNames (foldl' (all: set: all // set) { } sets);
  valuesAt = name: sets: map (set: set.${name}) (filter (set: set ? ${name}) sets);

  evalOption =
    loc: option: definitions:
    let
      found = strongest definitions;
      values = if found == [ ] && option ? default then strongest [ option.default ] else found;
      merged =
        if values == [ ] then throw "The option `${showLoc loc}' was accessed but has no value defined." else option.type.merge loc values;
    in
    option // { inherit loc definitions; value = (option.apply or (value: value)) merged; };

  evalTree =
    loc: declarations: definitions:
    let
      names = namesOf declarations;
      unknown = filter (name: !elem name names) (namesOf definitions);
      evalName =
        name:
        let
          declared = valuesAt name declarations;
          defined = valuesAt name definitions;
        in
        if typeOf (head declared) == "option" then evalOption (loc ++ [ name ]) (head declared) defined
        else evalTree (loc ++ [ name ]) declared (concatMap pushDown defined);
    in
    if unknown != [ ] then throw "The option `${showLoc (loc ++ unknown)}' does not exist."
    else listToAttrs (map (name: { inherit name; value = evalName name; }) names);

  valueTree = tree: mapAttrs (_: node: if typeOf node == "option" then node.value else valueTree node) tree;

  evalModules =
    { modules, specialArgs ? { }, prefix ? [ ] }:
    let
      load =
        module:
        let
          loaded = if isFunction module then module ({ inherit config lib options; } // specialArgs) else if isAttrs module then module else import module;
          body = if isFunction loaded then loaded ({ inherit config lib options; } // specialArgs) else loaded;
          isWhole = body ? config || body ? options;
        in
        concatMap load (body.imports or [ ])
        ++ [ { options = body.options or { }; config = if isWhole then body.config or { } else removeAttrs body [ "imports" ]; } ];
      loaded = concatMap load modules;
      options = evalTree prefix (map (module: module.options) loaded) (concatMap (module: pushDown module.config) loaded);
      config = valueTree options;
    in
    { inherit config options; };

  mkType =
    description: check: merge:
    {
      inherit description check;
      getSubOptions = _: { };
      merge =
        loc: values:
        if all check values then merge loc values
        else throw "A definition for option `${showLoc loc}' is not of type `${description}'.";
    };
  mergeEqual = loc: values: if all (value: value == head values) values then head values else throw "The option `${showLoc loc}' has conflicting definition values.";
  scalar = description: check: mkType description check mergeEqual;
  isText = value: isString value || builtins.isPath value;

  types = rec {
    bool = scalar "boolean" isBool;
    int = scalar "signed integer" isInt;
    port = scalar "16 bit unsigned integer; between 0 and 65535 (both inclusive)" (value: isInt value && value >= 0 && value <= 65535);
    str = mkType "string" isString mergeEqual;
    path = scalar "absolute path" (value: isText value && match "/.*" (toString value) != null);
    package = scalar "package" (value: isAttrs value || isText value);
    anything = mkType "anything" (_: true) (loc: values: if all isAttrs values then (attrsOf anything).merge loc values else mergeEqual loc values);
    nullOr = inner: either (scalar "null" (value: value == null)) inner;
    either =
      left: right:
      mkType "${left.description} or ${right.description}" (value: left.check value || right.check value) (
        loc: values: if all left.check values then left.merge loc values else right.merge loc values
      );
    listOf =
      inner:
      mkType "list of ${if inner.description == "submodule" then "(submodule)" else inner.description}" isList (loc: values: map (value: inner.merge loc (strongest [ value ])) (concatLists values))
      // { getSubOptions = loc: inner.getSubOptions (loc ++ [ "*" ]); };
    attrsOf =
      inner:
      mkType "attribute set of ${inner.description}" isAttrs (
        loc: values:
        let
          definitions = concatMap pushDown values;
          present = filter (name: strongest (valuesAt name definitions) != [ ]) (namesOf definitions);
        in
        listToAttrs (map (name: { inherit name; value = inner.merge (loc ++ [ name ]) (strongest (valuesAt name definitions)); }) present)
      );
    submodule =
      module:
      mkType "submodule" (value: isAttrs value || isFunction value) (
        prefix: values: (evalModules { inherit prefix; modules = [ module ] ++ map (config: { inherit config; }) values; }).config
      )
      // { getSubOptions = prefix: (evalModules { inherit prefix; modules = [ module ]; }).options; };
  };

  lib = {
    inherit evalModules mkIf mkMerge mkOverride types;
    mkForce = mkOverride 50;
    mkDefault = mkOverride 1000;
    mkOption = wrap "option";
    optional = condition: value: if condition then [ value ] else [ ];
    literalExpression = text: wrap "literalExpression" { inherit text; };
    mkAliasOptionModule = from: to: { config, options, ... }: {
      options = setAttrByPath from (wrap "option" { type = types.anything; description = "Alias of `${showLoc to}`."; apply = _: attrByPath to config; });
      config = setAttrByPath to (mkMerge (attrByPath from options).definitions);
    };
  };
in
lib
