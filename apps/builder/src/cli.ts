import { Command, CommanderError } from "commander";

import { addCheckConfigCommand } from "./commands/check-config.ts";
import { addClientConfigCommand } from "./commands/client-config.ts";
import type { CommandContext } from "./commands/command-context.ts";
import { addCompletionCommands } from "./commands/completion.ts";
import { addDiffCommand } from "./commands/diff.ts";
import { addDoctorCommand } from "./commands/doctor.ts";
import { addHistoryCommand } from "./commands/history.ts";
import { addInstallCommands } from "./commands/install.ts";
import { addKeygenCommand } from "./commands/keygen.ts";
import { addLockCommand } from "./commands/lock.ts";
import { addLogCommand } from "./commands/log.ts";
import { addPinCommands } from "./commands/pin.ts";
import { addPruneCommand } from "./commands/prune.ts";
import { addRunCommand } from "./commands/run.ts";
import { addSignCommand } from "./commands/sign.ts";
import { addStatusCommand } from "./commands/status.ts";
import { addSyncWorkerCommand } from "./commands/sync-worker.ts";
import { addSyncCommand } from "./commands/sync.ts";
import { addVerifyCommand } from "./commands/verify.ts";
import { EXIT } from "./exit-codes.ts";
import { VERSION } from "./version.ts";

/** Creates the command line. What a command needs beyond its options is loaded when it is called. */
export function createProgram(context: CommandContext): Command {
  const program = new Command("nix-cache-builder")
    .description("Builds every host of a NixOS flake, signs and publishes the results")
    .version(VERSION)
    .showSuggestionAfterError()
    .configureHelp({ subcommandTerm })
    .exitOverride(exitAsUsage);
  addRunCommand(program, context);
  addSyncCommand(program, context);
  addStatusCommand(program);
  addHistoryCommand(program);
  addDiffCommand(program, context);
  addLogCommand(program);
  addLockCommand(program);
  addKeygenCommand(program);
  addClientConfigCommand(program);
  addDoctorCommand(program, context);
  addCheckConfigCommand(program);
  addPruneCommand(program, context);
  addPinCommands(program, context);
  addSignCommand(program, context);
  addVerifyCommand(program, context);
  addInstallCommands(program);
  addCompletionCommands(program);
  addSyncWorkerCommand(program, context);
  return program;
}

/** Every command has options: saying so of each leaves no room to say what it does. */
function subcommandTerm(command: Command): string {
  const operands = command.registeredArguments.map((operand) =>
    operand.required ? `<${operand.name()}>` : `[${operand.name()}]`,
  );
  return [command.name(), ...operands].join(" ");
}

/** commander exits with 1 on wrong usage. */
function exitAsUsage({ exitCode }: CommanderError): never {
  process.exit(exitCode === 0 ? EXIT.ok : EXIT.usage);
}
