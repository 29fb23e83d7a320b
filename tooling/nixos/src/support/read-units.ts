/** Each section's directives, with the values of their lines; comments are left out. */
export type UnitDirectives = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Lists of units, which mean the same on one line and on several. */
const WORDS = new Set(["After", "Requires", "WantedBy", "Wants", "Alias"]);

/** Reads a unit's text: systemd.syntax(7), without lines that go on. */
export function readUnit(text: string): UnitDirectives {
  const sections: Record<string, Record<string, string[]>> = {};
  let section: Record<string, string[]> = {};
  for (const line of text.split("\n")) {
    const [, name] = /^\[(\w+)\]$/.exec(line) ?? [];
    if (name !== undefined) section = sections[name] ??= {};
    const [, directive, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (directive === undefined || value === undefined) continue;
    const values = WORDS.has(directive) ? value.split(" ").filter((word) => word !== "") : [value];
    section[directive] = [...(section[directive] ?? []), ...values];
  }
  return sections;
}
