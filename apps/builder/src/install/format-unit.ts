import type { UnitSection, UnitSections, UnitValue } from "./unit-data.ts";

/**
 * Writes a unit.
 *
 * @param comments lines to put above the directives of a section, by section
 */
export function formatUnit(
  sections: UnitSections,
  comments: Readonly<Record<string, readonly string[]>> = {},
): string {
  const blocks = Object.entries(sections)
    .filter(([, section]) => Object.keys(section).length > 0)
    .map(([name, section]) => {
      const notes = (comments[name] ?? []).map((line) => `# ${line}\n`);
      return `[${name}]\n${notes.join("")}${formatSection(section)}`;
    });
  return blocks.join("\n");
}

function formatSection(section: UnitSection): string {
  return Object.entries(section)
    .flatMap(([name, value]) => toLines(value).map((line) => `${name}=${line}\n`))
    .join("");
}

function toLines(value: UnitValue): readonly string[] {
  return [value].flat().map(String);
}
