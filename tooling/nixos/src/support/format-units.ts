/** A directive's value, as NixOS has it: a list gives one line for each of its entries. */
type UnitValue = string | number | boolean | readonly (string | number)[];

/** A unit as NixOS's options say it; the section of its own kind is `<kind>Config`. */
interface NixosUnit {
  readonly description: string;
  readonly after: readonly string[];
  readonly aliases: readonly string[];
  readonly requires: readonly string[];
  readonly unitConfig: Readonly<Record<string, UnitValue>>;
  readonly wantedBy: readonly string[];
  readonly wants: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly serviceConfig?: Readonly<Record<string, UnitValue>>;
  readonly socketConfig?: Readonly<Record<string, UnitValue>>;
  readonly timerConfig?: Readonly<Record<string, UnitValue>>;
}

/** The options below `systemd` that make units. */
export interface NixosUnits {
  readonly services: Readonly<Record<string, NixosUnit>>;
  readonly sockets: Readonly<Record<string, NixosUnit>>;
  readonly timers: Readonly<Record<string, NixosUnit>>;
}

/** Writes units as NixOS writes them, by the names of their files; only those that are ours. */
export function formatUnits({ services, sockets, timers }: NixosUnits): ReadonlyMap<string, string> {
  const files = [
    ...Object.entries(services).map(([name, unit]) => [`${name}.service`, unit] as const),
    ...Object.entries(sockets).map(([name, unit]) => [`${name}.socket`, unit] as const),
    ...Object.entries(timers).map(([name, unit]) => [`${name}.timer`, unit] as const),
  ];
  const own = files.filter(([name]) => name.startsWith("nix-cache-"));
  return new Map(own.map(([name, unit]) => [name, formatUnit(unit)]));
}

function formatUnit(unit: NixosUnit): string {
  const { after, aliases, description, requires, wantedBy, wants } = unit;
  const sections = {
    Unit: { Description: description, After: after, Requires: requires, Wants: wants, ...unit.unitConfig },
    Service: { ...formatEnvironment(unit.environment), ...unit.serviceConfig },
    Socket: unit.socketConfig ?? {},
    Timer: unit.timerConfig ?? {},
    Install: { WantedBy: wantedBy, Alias: aliases },
  };
  return Object.entries(sections)
    .map(([name, section]) => [name, formatSection(section)] as const)
    .filter(([, lines]) => lines.length > 0)
    .map(([name, lines]) => [`[${name}]`, ...lines, ""].join("\n"))
    .join("\n");
}

function formatEnvironment(variables: Readonly<Record<string, string>> = {}): Record<string, UnitValue> {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return lines.length === 0 ? {} : { Environment: lines };
}

function formatSection(section: Readonly<Record<string, UnitValue>>): readonly string[] {
  return Object.entries(section).flatMap(([directive, value]) =>
    [value].flat().map((line) => `${directive}=${String(line)}`),
  );
}
