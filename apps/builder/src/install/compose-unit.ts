import { formatUnit } from "./format-unit.ts";
import type { Installation } from "./installation.ts";
import {
  hardeningOf,
  type Profile,
  staticSections,
  switchesOff,
  type UnitName,
  type UnitSection,
  type UnitSections,
  USER_MANAGER_LACKS,
  type UnitValue,
} from "./unit-data.ts";

/** A unit that is to be written. */
interface UnitRequest {
  readonly name: UnitName;
  /** Of a service. */
  readonly profile?: Profile;
  /** What hangs on the configuration, by section; it goes before what the unit says everywhere. */
  readonly dynamic?: UnitSections;
}

/** What starts a unit of the system is not there for a user's. */
const USER_TARGETS: Readonly<Record<string, string>> = { "multi-user.target": "default.target" };

/** Directives of a user's unit that name what only the service manager of the system can do. */
const SYSTEM_ONLY: ReadonlySet<string> = new Set([
  ...USER_MANAGER_LACKS,
  "IPAddressAllow",
  "LoadCredential",
  "ReadWritePaths",
  "SetCredential",
]);

/** Directives of [Unit] that name other units. */
const NAMES_UNITS: ReadonlySet<string> = new Set(["After", "Requires", "Wants"]);

/** Puts a unit together of what it says everywhere, its hardening and what hangs on the configuration. */
export function composeUnit({ scope }: Installation, { dynamic = {}, name, profile }: UnitRequest): string {
  const fixed = staticSections(name);
  const hardening: UnitSections = profile === undefined ? {} : { Service: hardeningOf(profile) };
  const sections = Object.fromEntries(
    Object.keys({ ...fixed, ...dynamic }).map((section) => [
      section,
      { ...fixed[section], ...dynamic[section], ...hardening[section] },
    ]),
  );
  const reasons = Object.entries(profile === undefined ? {} : switchesOff(profile));
  const notes = reasons.map(([directive, reason]) => `${directive}: ${reason}`);
  return scope === "user" ? formatUnit(forUser(sections)) : formatUnit(sections, { Service: notes });
}

/** A user's service manager knows nothing of the system's units, and cannot do all that the system's can. */
function forUser(sections: UnitSections): UnitSections {
  return Object.fromEntries(
    Object.entries(sections).map(([name, section]) => [
      name,
      name === "Unit" ? keepOwn(section) : adapt(section),
    ]),
  );
}

function adapt(section: UnitSection): UnitSection {
  const kept = Object.entries(section).filter(([name]) => !SYSTEM_ONLY.has(name));
  const replaced = kept.map(([name, value]) => [name, USER_TARGETS[String(value)] ?? value] as const);
  return Object.fromEntries(replaced);
}

function keepOwn(section: UnitSection): UnitSection {
  const entries = Object.entries(section).map(([name, value]): [string, UnitValue] =>
    NAMES_UNITS.has(name) ? [name, ownUnits(value)] : [name, value],
  );
  return Object.fromEntries(entries);
}

function ownUnits(value: UnitValue): readonly string[] {
  return [value]
    .flat()
    .map(String)
    .filter((unit) => unit.startsWith("nix-cache-"));
}
