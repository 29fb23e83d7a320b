# Reads the YAML that pnpm writes: block mappings whose values are mappings, scalars, or flow collections on one line.
# Scalars stay strings. A value is read when it is asked for, so that what nobody needs, such as the text of a
# deprecation, may be of any form; what is asked for and is of another form throws.
text:
let
  inherit (builtins)
    attrNames
    elemAt
    filter
    genList
    head
    isString
    length
    listToAttrs
    match
    replaceStrings
    split
    stringLength
    substring
    ;

  refuse = what: line: throw "pnpm-lock.yaml: expected ${what}, got: ${substring 0 120 line}";

  lines =
    if replaceStrings [ "\r" ] [ "" ] text != text then
      throw "pnpm-lock.yaml: expected lines that end with a line feed alone, got carriage returns"
    else
      filter (line: isString line && match " *" line == null) (split "\n" text);
  lineAt = elemAt lines;
  depths = map (line: stringLength (head (match "( *).*" line))) lines;

  # The mapping whose keys stand `depth` spaces from the left, in the lines from `start` up to `end`.
  readMapping =
    depth: start: end:
    let
      keyLines = filter (index: elemAt depths index == depth) (genList (offset: start + offset) (end - start));
      endOf = nth: if nth + 1 < length keyLines then elemAt keyLines (nth + 1) else end;
      entries = genList (nth: readEntry depth (elemAt keyLines nth) (endOf nth)) (length keyLines);
      mapping = listToAttrs entries;
    in
    if elemAt depths start != depth then
      refuse "no key deeper than the first one of its mapping" (lineAt start)
    else if length (attrNames mapping) != length entries then
      refuse "each key once in the mapping that starts here" (lineAt start)
    else
      mapping;

  readEntry =
    depth: start: end:
    let
      line = substring depth (-1) (lineAt start);
      parts = match "('([^']|'')*'|[^]'\"#&*!|>%@`{}[,? -]([^:]|:[^ ])*):( (.*))?" line;
      value = elemAt parts 4;
      below = start + 1;
    in
    if parts == null then
      refuse "a key" line
    else
      {
        name = readScalar (head parts);
        value =
          if value != null then
            (if below < end then refuse "no lines below the value" line else readValue value)
          else if below < end then
            readMapping (elemAt depths below) below end
          else
            refuse "a value" line;
      };

  readValue =
    value:
    let
      inside = substring 1 (stringLength value - 2) value;
    in
    if match "\\{.*}" value != null then
      listToAttrs (map readPair (splitItems inside))
    else if match "\\[.*]" value != null then
      map readScalar (splitItems inside)
    else
      readScalar value;

  readPair =
    item:
    let
      parts = match "([A-Za-z]+): (.+)" item;
    in
    if parts == null then
      refuse "a key and a value" item
    else
      {
        name = head parts;
        value = readScalar (elemAt parts 1);
      };

  # What stands between commas, each of which is followed by a space; a comma in a quoted item is none.
  splitItems =
    inside:
    let
      item = "([A-Za-z]+: )?('([^']|'')*'|[^][{}',\" ][^][{}',\"]*)";
      pieces = split "(${item})(, |$)" inside;
      items = map head (filter (piece: !isString piece) pieces);
      isWhole = filter (piece: isString piece && piece != "") pieces == [ ] && match ".*, " inside == null;
    in
    if isWhole then items else refuse "items of a flow collection" inside;

  readScalar =
    scalar:
    if match "'([^']|'')*'" scalar != null then
      replaceStrings [ "''" ] [ "'" ] (substring 1 (stringLength scalar - 2) scalar)
    else if match "[^]'\"#&*!|>%@`{}[,? -].*" scalar == null || match ".*( #|: ).*|.*[ :]" scalar != null then
      refuse "a plain or single-quoted scalar" scalar
    else
      scalar;
in
if lines == [ ] then { } else readMapping 0 0 (length lines)
