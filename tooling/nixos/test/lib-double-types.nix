# Types of options for the test double of nixpkgs' `lib`: what they take, how definitions merge, and how they are called.
{
  evalModules,
  genAttrs,
  namesOf,
  pushDown,
  showLoc,
  strongest,
  valuesAt,
}:
let
  inherit (builtins)
    all
    concatLists
    concatMap
    filter
    head
    isAttrs
    isBool
    isInt
    isList
    isString
    match
    ;

  mkType =
    description: check: merge:
    {
      inherit description check;
      getSubOptions = _: { };
      merge =
        loc: values:
        if all check values then
          merge loc values
        else
          throw "A definition for option `${showLoc loc}' is not of type `${description}'.";
    };
  mergeEqual =
    loc: values:
    if all (value: value == head values) values then
      head values
    else
      throw "The option `${showLoc loc}' has conflicting definition values.";
  scalar = description: check: mkType description check mergeEqual;
  isText = value: isString value || builtins.isPath value;
in
rec {
  bool = scalar "boolean" isBool;
  int = scalar "signed integer" isInt;
  port = scalar "16 bit unsigned integer; between 0 and 65535 (both inclusive)" (
    value: isInt value && value >= 0 && value <= 65535
  );
  str = mkType "string" isString mergeEqual;
  path = scalar "absolute path" (value: isText value && match "/.*" "${toString value}" != null);
  package = scalar "package" (value: isAttrs value || isText value);
  anything = mkType "anything" (_: true) (
    loc: values:
    if all isAttrs values then (attrsOf anything).merge loc values else mergeEqual loc values
  );
  nullOr = inner: either (scalar "null" (value: value == null)) inner;
  either =
    left: right:
    mkType "${left.description} or ${right.description}"
      (value: left.check value || right.check value)
      (loc: values: if all left.check values then left.merge loc values else right.merge loc values);
  listOf =
    inner:
    let
      elements = if inner.description == "submodule" then "(submodule)" else inner.description;
      mergeElement = loc: value: inner.merge loc (strongest [ value ]);
    in
    mkType "list of ${elements}" isList (loc: values: map (mergeElement loc) (concatLists values))
    // {
      getSubOptions = loc: inner.getSubOptions (loc ++ [ "*" ]);
    };
  attrsOf =
    inner:
    mkType "attribute set of ${inner.description}" isAttrs (
      loc: values:
      let
        definitions = concatMap pushDown values;
        at = name: strongest (valuesAt name definitions);
        present = filter (name: at name != [ ]) (namesOf definitions);
      in
      genAttrs (name: inner.merge (loc ++ [ name ]) (at name)) present
    );
  submodule =
    module:
    let
      evalWith =
        prefix: values:
        evalModules {
          inherit prefix;
          modules = [ module ] ++ map (config: { inherit config; }) values;
        };
    in
    mkType "submodule" isAttrs (prefix: values: (evalWith prefix values).config)
    // {
      getSubOptions = prefix: (evalWith prefix [ ]).options;
    };
}
