# A test double for the part of nixpkgs' `lib` that the modules use: options, their types, conditions and priorities.
# It knows no order of definitions (mkBefore, mkAfter), no freeform modules, and its error texts are its own.
let
  inherit (builtins)
    attrNames
    concatMap
    elem
    filter
    foldl'
    head
    isAttrs
    isFunction
    listToAttrs
    mapAttrs
    tail
    ;

  wrap = _type: rest: rest // { inherit _type; };
  typeOf = value: if isAttrs value then value._type or "" else "";
  mkIf = condition: content: wrap "if" { inherit condition content; };
  mkMerge = contents: wrap "merge" { inherit contents; };
  mkOverride = priority: content: wrap "override" { inherit priority content; };
  showLoc = builtins.concatStringsSep ".";
  setAttrByPath =
    path: value: if path == [ ] then value else { ${head path} = setAttrByPath (tail path) value; };
  attrByPath = path: set: foldl' (inner: name: inner.${name}) set path;

  # Values with their priority; conditions are looked at here, and no earlier.
  discharge =
    value:
    {
      merge = concatMap discharge value.contents;
      "if" = if value.condition then discharge value.content else [ ];
      override = map (found: found // { inherit (value) priority; }) (discharge value.content);
    }
    .${typeOf value} or [
      {
        inherit value;
        priority = 100;
      }
    ];

  strongest =
    definitions:
    let
      found = concatMap discharge definitions;
      lesser = least: { priority, ... }: if priority < least then priority else least;
      least = foldl' lesser 9999 found;
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
        if values == [ ] then
          throw "The option `${showLoc loc}' was accessed but has no value defined."
        else
          option.type.merge loc values;
    in
    option
    // {
      inherit loc definitions;
      value = (option.apply or (value: value)) merged;
    };

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
        if typeOf (head declared) == "option" then
          evalOption (loc ++ [ name ]) (head declared) defined
        else
          evalTree (loc ++ [ name ]) declared (concatMap pushDown defined);
    in
    if unknown != [ ] then
      throw "The option `${showLoc (loc ++ unknown)}' does not exist."
    else
      genAttrs evalName names;

  genAttrs =
    valueOf: names:
    listToAttrs (
      map (name: {
        inherit name;
        value = valueOf name;
      }) names
    );

  valueTree = mapAttrs (_: node: if typeOf node == "option" then node.value else valueTree node);

  evalModules =
    {
      modules,
      specialArgs ? { },
      prefix ? [ ],
    }:
    let
      call =
        module:
        if isFunction module then module ({ inherit config lib options; } // specialArgs) else module;
      load =
        module:
        let
          body = call (if isFunction module || isAttrs module then module else import module);
          isWhole = body ? config || body ? options;
        in
        concatMap load (body.imports or [ ])
        ++ [
          {
            options = body.options or { };
            config = if isWhole then body.config or { } else removeAttrs body [ "imports" ];
          }
        ];
      loaded = concatMap load modules;
      declarations = map (module: module.options) loaded;
      definitions = concatMap (module: pushDown module.config) loaded;
      options = evalTree prefix declarations definitions;
      config = valueTree options;
    in
    { inherit config options; };

  types = import ./lib-double-types.nix {
    inherit
      evalModules
      genAttrs
      namesOf
      pushDown
      showLoc
      strongest
      valuesAt
      ;
  };

  lib = {
    inherit evalModules mkIf mkMerge mkOverride types;
    mkForce = mkOverride 50;
    mkDefault = mkOverride 1000;
    mkOption = wrap "option";
    optional = condition: value: if condition then [ value ] else [ ];
    literalExpression = text: wrap "literalExpression" { inherit text; };
    mkAliasOptionModule =
      from: to:
      { config, options, ... }:
      {
        options = setAttrByPath from (
          wrap "option" {
            type = types.anything;
            description = "Alias of `${showLoc to}`.";
            apply = _: attrByPath to config;
          }
        );
        config = setAttrByPath to (mkMerge (attrByPath from options).definitions);
      };
  };
in
lib
