import data from "@nix-cache/tooling-systemd/units.json" with { type: "json" };

/** A directive's value: a list gives one line for each of its entries. */
export type UnitValue = string | number | boolean | readonly (string | number)[];

/** Directives of a section, by name. */
export type UnitSection = Readonly<Record<string, UnitValue>>;

/** Sections of a unit, in the order in which they are written. */
export type UnitSections = Readonly<Record<string, UnitSection>>;

/** The hardening that a service runs under. */
export type Profile = "server" | "activatedServer" | "builder";

/** Every unit that there may be. */
export const UNIT_NAMES: readonly UnitName[] = [
  "nix-cache-builder.service",
  "nix-cache-builder.timer",
  "nix-cache-builder-sync.service",
  "nix-cache-builder-prune.service",
  "nix-cache-builder-prune.timer",
  "nix-cache-server.service",
  "nix-cache-server.socket",
];

/** The name of a unit. */
export type UnitName = keyof typeof data.units;

/** What a unit says on every machine, its hardening apart. */
export function staticSections(name: UnitName): UnitSections {
  const unit: Readonly<Record<string, UnitSection | string>> = data.units[name];
  const entries = Object.entries(unit);
  return Object.fromEntries(
    entries.flatMap(([key, value]) => (typeof value === "string" ? [] : [[key, value]])),
  );
}

/** The switches of a service; `activatedServer` is on top of `server`. */
export function hardeningOf(profile: Profile): UnitSection {
  const { activatedServer, builder, server, shared }: Readonly<Record<string, UnitSection>> = data.hardening;
  if (profile === "builder") return { ...shared, ...builder };
  return { ...shared, ...server, ...(profile === "activatedServer" ? activatedServer : {}) };
}

/** Why a service does without a switch, by the switch. */
export function switchesOff(profile: Profile): Readonly<Record<string, string>> {
  if (profile === "builder") return data.off.builder;
  const on = new Set(profile === "activatedServer" ? Object.keys(data.hardening.activatedServer) : []);
  return Object.fromEntries(Object.entries(data.off.server).filter(([name]) => !on.has(name)));
}

/** What the service manager of a user cannot do. */
export const USER_MANAGER_LACKS: ReadonlySet<string> = new Set(data.userManagerLacks);
