import type { CommandManual, ProgramManual, Term } from "./describe-program.ts";
import type { ManualText } from "./manual-text.ts";
import { bold, escapeRoff, paragraphs, section, subsection, terms, typed } from "./roff.ts";

/** The pages change with the program; which day that was, its release says. */
const DATE = "2026-12-01";

/**
 * Writes a page for section 8 of the manual, in man(7).
 *
 * @param exitCodes the program's own, of which the text has to explain each
 */
export function formatManual(
  program: ProgramManual,
  text: ManualText,
  exitCodes: Readonly<Record<string, number>>,
): string {
  const { commands, name, options } = program;
  const usage = commands.length > 0 ? `${bold(name)} \\fIcommand\\fR` : bold(name);
  const parts = [
    `.\\" Made from the help of ${name}: change that.`,
    `.TH ${name.toUpperCase()} 8 ${DATE} nix\\-cache\\-builder`,
    section("NAME", `${escapeRoff(name)} \\- ${escapeRoff(text.purpose)}`),
    section("SYNOPSIS", `${usage} [\\fIoption\\fR ...]`),
    section("DESCRIPTION", paragraphs(...text.description)),
    section("OPTIONS", formatTerms(options)),
    ...(commands.length > 0 ? [section("COMMANDS"), ...commands.map(formatCommand)] : []),
    section("EXIT STATUS", terms(explainExitCodes(exitCodes, text))),
    section("ENVIRONMENT", terms(text.environment)),
    section("FILES", terms(text.files)),
    section("EXAMPLES", text.examples.map(formatExample).join("\n.PP\n")),
    section("SEE ALSO", escapeRoff(text.seeAlso)),
  ];
  return `${parts.join("\n")}\n`;
}

function formatCommand({ description, examples, operands, options, usage }: CommandManual): string {
  return subsection(
    usage,
    `${escapeRoff(capitalize(description))}.`,
    formatTerms([...operands, ...options]),
    ...(examples.length > 0 ? [".PP", "Example:", typed(examples)] : []),
  );
}

function formatExample([purpose, ...lines]: ManualText["examples"][number]): string {
  return `${escapeRoff(purpose)}\n${typed(lines)}`;
}

function formatTerms(list: readonly Term[]): string {
  return terms(list.map(({ description, term }) => [term, `${capitalize(description)}.`]));
}

function explainExitCodes(
  codes: Readonly<Record<string, number>>,
  { exitCodes }: ManualText,
): readonly (readonly [string, string])[] {
  return Object.entries(codes).map(([name, code]) => {
    const meaning = exitCodes[name];
    if (meaning === undefined)
      throw new Error(`expected the meaning of the exit code ${name} in the manual's text`);
    return [String(code), meaning];
  });
}

function capitalize(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
