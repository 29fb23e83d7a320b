import type { Argument, Command } from "commander";

/** What a manual says of an option or an argument. */
export interface Term {
  /** As it is typed: `--limit <n>`. */
  readonly term: string;
  readonly description: string;
}

/** What a manual says of a command. */
export interface CommandManual {
  readonly name: string;
  /** Name and operands. */
  readonly usage: string;
  readonly description: string;
  /** Those that are explained. */
  readonly operands: readonly Term[];
  readonly options: readonly Term[];
  /** Lines, as they are typed. */
  readonly examples: readonly string[];
}

/** What a manual says of a program. */
export interface ProgramManual extends CommandManual {
  readonly commands: readonly CommandManual[];
}

/** Collects what the help of a program and of each of its commands says. */
export function describeProgram(program: Command): ProgramManual {
  const commands = program.createHelp().visibleCommands(program);
  // The help of the help is no help.
  const described = commands.filter((command) => command.name() !== "help").map(describeCommand);
  return { ...describeCommand(program), options: listOptions(program), commands: described };
}

function describeCommand(command: Command): CommandManual {
  const help = command.createHelp();
  return {
    name: command.name(),
    usage: [command.name(), ...command.registeredArguments.map(formatOperand)].join(" "),
    description: help.commandDescription(command),
    operands: help
      .visibleArguments(command)
      .map((operand) => ({ term: formatOperand(operand), description: help.argumentDescription(operand) })),
    // Every command has that one, and its meaning is the same.
    options: listOptions(command).filter(({ term }) => term !== "-h, --help"),
    examples: readExamples(command),
  };
}

function listOptions(command: Command): readonly Term[] {
  const help = command.createHelp();
  return help
    .visibleOptions(command)
    .map((option) => ({ term: help.optionTerm(option), description: help.optionDescription(option) }));
}

function formatOperand(operand: Argument): string {
  return operand.required ? `<${operand.name()}>` : `[${operand.name()}]`;
}

/** Commander has no words for examples: they stand below the heading that this program gives them. */
function readExamples(command: Command): readonly string[] {
  let help = "";
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
  });
  command.outputHelp();
  const [, examples = ""] = help.split(/\nExamples?:\n/);
  return examples
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
