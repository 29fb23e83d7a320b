# Units as sections of directives, in the shape of `systemd.services`, `.timers` and `.sockets`.
units:
let
  toList = value: if builtins.isList value then value else [ value ];

  # The options of NixOS that stand for directives: they merge with what other modules say.
  unitOptions = {
    After = "after";
    Requires = "requires";
    Wants = "wants";
  };

  convertUnit =
    name: unit:
    let
      kind = builtins.elemAt (builtins.match ".*[.](service|socket|timer)" name) 0;
      section = {
        service = "Service";
        socket = "Socket";
        timer = "Timer";
      };
      dependencies = builtins.filter (directive: unit.Unit ? ${directive}) (
        builtins.attrNames unitOptions
      );
    in
    {
      inherit kind;
      name = builtins.substring 0 (builtins.stringLength name - builtins.stringLength kind - 1) name;
      value = {
        description = unit.Unit.Description;
        unitConfig = removeAttrs unit.Unit ([ "Description" ] ++ dependencies);
        "${kind}Config" = unit.${section.${kind}};
        wantedBy = if unit ? Install.WantedBy then toList unit.Install.WantedBy else [ ];
        aliases = if unit ? Install.Alias then toList unit.Install.Alias else [ ];
      }
      // builtins.listToAttrs (
        map (directive: {
          name = unitOptions.${directive};
          value = toList unit.Unit.${directive};
        }) dependencies
      );
    };

  converted = map (name: convertUnit name units.${name}) (builtins.attrNames units);
  ofKind = kind: builtins.listToAttrs (builtins.filter (unit: unit.kind == kind) converted);
in
{
  services = ofKind "service";
  sockets = ofKind "socket";
  timers = ofKind "timer";
}
