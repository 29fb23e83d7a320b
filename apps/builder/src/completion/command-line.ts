import type { Argument, Command, Option } from "commander";

/** What the user has typed, as far as the program understands it. */
export interface TypedLine {
  /** The command whose words follow. */
  readonly command: Command;
  /** Arguments of the command that are complete. */
  readonly operands: readonly string[];
  /** The option whose value is being typed. */
  readonly option?: Option;
  /** Values of options that are complete, by name; the last of each counts. */
  readonly values: ReadonlyMap<string, string>;
  /** What there is of the word at the cursor. */
  readonly partial: string;
  /** What goes before each candidate: `--host=` in `--host=nz`. */
  readonly prefix: string;
}

/**
 * Reads a line that is being typed.
 *
 * @param words what stands after the program's name, the word at the cursor last
 */
export function readTypedLine(program: Command, words: readonly string[]): TypedLine {
  // bash takes `=` for a word of its own.
  const joined = words.at(-1) === "=" ? [...words.slice(0, -1), ""] : words;
  const typed = joined.filter((word) => word !== "=");
  let command = program;
  let option: Option | undefined;
  const operands: string[] = [];
  const values = new Map<string, string>();
  for (const word of typed.slice(0, -1)) {
    const [name = "", ...value] = word.split("=");
    const found = findOption(command, name);
    if (option !== undefined) {
      values.set(option.attributeName(), word);
      option = undefined;
    } else if (found !== undefined && takesValue(found)) {
      if (value.length === 0) option = found;
      else values.set(found.attributeName(), value.join("="));
    } else if (!word.startsWith("-")) {
      const next = command === program ? findCommand(program, word) : undefined;
      if (next === undefined) operands.push(word);
      else command = next;
    }
  }
  const last = typed.at(-1) ?? "";
  const [, name = "", value = ""] = /^(--[^=]+)=(.*)$/.exec(last) ?? [];
  const attached = option === undefined ? findOption(command, name) : undefined;
  const line = { command, operands, values };
  if (attached !== undefined) return { ...line, option: attached, partial: value, prefix: `${name}=` };
  return { ...line, ...(option && { option }), partial: last, prefix: "" };
}

/** The argument that the word at the cursor is; undefined where there is no more. */
export function nextArgument({ command, operands }: TypedLine): Argument | undefined {
  const known = command.registeredArguments;
  const last = known.at(-1);
  return known[operands.length] ?? (last?.variadic ? last : undefined);
}

function findCommand(program: Command, name: string): Command | undefined {
  return program
    .createHelp()
    .visibleCommands(program)
    .find((command) => command.name() === name);
}

function findOption(command: Command, name: string): Option | undefined {
  return name === "" ? undefined : command.options.find(({ long, short }) => long === name || short === name);
}

function takesValue({ optional, required }: Option): boolean {
  return required || optional;
}
