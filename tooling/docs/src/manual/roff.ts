/** Requests of man(7), one a line, from plain text. */

const SPECIAL: Readonly<Record<string, string>> = {
  "\\": String.raw`\e`,
  // A bare one may be shown as a hyphen, which cannot be typed.
  "-": String.raw`\-`,
  "'": String.raw`\(aq`,
  "`": String.raw`\(ga`,
  "^": String.raw`\(ha`,
  "~": String.raw`\(ti`,
  '"': String.raw`\(dq`,
};

/** Makes text safe in any place, with `code` in bold. */
export function escapeRoff(text: string): string {
  return text
    .split(/`([^`]*)`/)
    .map((part, index) => (index % 2 === 0 ? escapeText(part) : bold(part)))
    .join("");
}

/** Text in bold, as what is typed. */
export function bold(text: string): string {
  return String.raw`\fB${escapeText(text)}\fR`;
}

function escapeText(text: string): string {
  return (
    text
      .replaceAll(/[\\\-'`^~"]/g, (character) => SPECIAL[character] ?? character)
      // The pages are ASCII: what shows them may know no other encoding.
      .replaceAll(/[^\0-\x7F]/gu, (character) => `\\[u${hex(character)}]`)
      .replaceAll(/^\./gm, String.raw`\&.`)
  );
}

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
}

/** A section, with its body of other requests. */
export function section(heading: string, ...body: readonly string[]): string {
  return [`.SH ${heading}`, ...body].join("\n");
}

/** A section within a section. */
export function subsection(heading: string, ...body: readonly string[]): string {
  return [`.SS "${escapeText(heading)}"`, ...body].join("\n");
}

/** Paragraphs. */
export function paragraphs(...texts: readonly string[]): string {
  return texts.map(escapeRoff).join("\n.PP\n");
}

/** A list of terms, each with its meaning. */
export function terms(entries: readonly (readonly [term: string, meaning: string])[]): string {
  return entries.map(([term, meaning]) => `.TP\n${bold(term)}\n${escapeRoff(meaning)}`).join("\n");
}

/** Lines as they are typed. */
export function typed(lines: readonly string[]): string {
  return [".PP", ".nf", ".RS 4", ...lines.map(escapeText), ".RE", ".fi"].join("\n");
}
