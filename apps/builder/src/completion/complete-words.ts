import type { Command } from "commander";

import { nextArgument, readTypedLine, type TypedLine } from "./command-line.ts";

/** A word that may follow, and what it means. */
export interface Candidate {
  readonly word: string;
  readonly meaning?: string;
}

/** What may follow; names of files are the shell's to find. */
export type Completion =
  | { readonly type: "words"; readonly candidates: readonly Candidate[] }
  | { readonly type: "files" | "directories" };

/** What is known of the machine that the command line is about. None of it is there where it cannot be read. */
export interface CompletionSources {
  readonly hosts: () => readonly string[];
  /** Numbers of a host's generations. */
  readonly generations: (host: string) => readonly Candidate[];
  /** Ids of the last runs. */
  readonly runs: () => readonly Candidate[];
}

/** A way to read the sources; `--config` of the line says of which machine. */
export type OpenSources = (configFile: string | undefined) => Promise<CompletionSources>;

/** What the values of options are, by the option's name. */
const OPTION_VALUES: Readonly<Record<string, "directories" | "files" | "host-list" | "runs">> = {
  config: "files",
  host: "host-list",
  out: "directories",
  root: "directories",
  run: "runs",
};

/** Arguments that are numbers of generations, by name. */
const GENERATION_ARGUMENTS: ReadonlySet<string> = new Set(["from", "generation", "to"]);

/**
 * Says what may follow on the command line.
 *
 * @param words what stands after the program's name, the word at the cursor last
 */
export async function completeWords(
  program: Command,
  words: readonly string[],
  openSources: OpenSources,
): Promise<Completion> {
  const line = readTypedLine(program, words);
  const open = (): Promise<CompletionSources> => openSources(line.values.get("config"));
  const found =
    line.option === undefined ? await completeWord(program, line, open) : await completeValue(line, open);
  if (found.type !== "words") return found;
  const { partial, prefix } = line;
  const candidates = found.candidates.filter(({ word }) => word.startsWith(partial));
  return { type: "words", candidates: candidates.map((one) => ({ ...one, word: `${prefix}${one.word}` })) };
}

async function completeValue(
  { option, partial }: TypedLine,
  open: () => Promise<CompletionSources>,
): Promise<Completion> {
  if (option?.argChoices !== undefined) return ofWords(option.argChoices);
  const kind = OPTION_VALUES[option?.attributeName() ?? ""];
  if (kind === "files" || kind === "directories") return { type: kind };
  if (kind === "runs") return { type: "words", candidates: (await open()).runs() };
  return kind === "host-list" ? ofWords(listHosts((await open()).hosts(), partial)) : ofWords([]);
}

/** Names are separated by commas: those that are complete stay, and are not offered again. */
function listHosts(hosts: readonly string[], partial: string): readonly string[] {
  const complete = partial.split(",").slice(0, -1);
  return hosts.filter((host) => !complete.includes(host)).map((host) => [...complete, host].join(","));
}

async function completeWord(
  program: Command,
  line: TypedLine,
  open: () => Promise<CompletionSources>,
): Promise<Completion> {
  const { command, operands, partial } = line;
  const help = command.createHelp();
  if (partial.startsWith("-")) {
    const options = help.visibleOptions(command);
    const candidates = options.map(({ description, long, short }) => ({
      word: long ?? short ?? "",
      meaning: description,
    }));
    return { type: "words", candidates };
  }
  if (command === program && operands.length === 0) {
    const commands = help.visibleCommands(program);
    return {
      type: "words",
      candidates: commands.map((one) => ({ word: one.name(), meaning: one.description() })),
    };
  }
  if (command.name() === "help") return ofWords(help.visibleCommands(program).map((one) => one.name()));
  const argument = nextArgument(line);
  if (argument?.argChoices !== undefined) return ofWords(argument.argChoices);
  if (argument?.name() === "host") return ofWords((await open()).hosts());
  const [host] = operands;
  if (host === undefined || !GENERATION_ARGUMENTS.has(argument?.name() ?? "")) return ofWords([]);
  return { type: "words", candidates: (await open()).generations(host) };
}

function ofWords(words: readonly string[]): Completion {
  return { type: "words", candidates: words.map((word) => ({ word })) };
}

/** Writes what the scripts read: the kind of words, then a line for each. */
export function formatCompletion(completion: Completion): string {
  if (completion.type !== "words") return `${completion.type}\n`;
  const lines = completion.candidates.map(({ word, meaning = "" }) => `${word}\t${meaning}\n`);
  return `words\n${lines.join("")}`;
}
