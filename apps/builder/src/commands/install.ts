import { existsSync } from "node:fs";
import { resolve } from "node:path";

import type { Command } from "commander";

import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-codes.ts";
import { addCommand, addPlainCommand, type ConfigOptions } from "./command-context.ts";

interface TargetOptions {
  readonly user?: true;
  readonly root?: string;
  readonly dryRun?: true;
}

type InstallOptions = ConfigOptions & TargetOptions;

/** What a dry run ends with, whose lines read like those of the change itself. */
const NO_CHANGE = "\nThis was a dry run: nothing was changed.\n";

/** Adds `install` and `uninstall`: services for a machine with systemd that is not NixOS. */
export function addInstallCommands(program: Command): void {
  const installing = addCommand(program, "install", {
    description: "install both services, their account and the timer on a machine with systemd",
    example: "sudo nix-cache-builder install --dry-run",
  });
  addTargetOptions(installing, "show what would be written; change nothing").action(
    (options: InstallOptions, command: Command) => install(options, command),
  );
  const removing = addPlainCommand(program, "uninstall", {
    description: "stop and remove what install wrote; what was built and published stays",
    example: "sudo nix-cache-builder uninstall",
  });
  addTargetOptions(removing, "show what would be removed; change nothing").action(uninstall);
}

function addTargetOptions(command: Command, dryRun: string): Command {
  return command
    .option("--user", "services of your own, without root")
    .option("--root <dir>", "work on the system in this directory, such as an image; nothing is started")
    .option("--dry-run", dryRun);
}

async function install(options: InstallOptions, command: Command): Promise<void> {
  const { install: installNow } = await import("../install/install.ts");
  const { formatNextSteps } = await import("../install/next-steps.ts");
  const { printText } = await import("../text/print.ts");
  const target = readTarget(options);
  const configFile = await chooseConfigFile(options, command);
  const isDryRun = options.dryRun === true;
  if (!existsSync(`${target.root}${configFile}`)) return startConfig({ ...target, configFile, isDryRun });
  const installation = await installNow({ ...target, configFile, isDryRun, print: printText });
  printText(isDryRun ? NO_CHANGE : await formatNextSteps(installation, target));
}

async function chooseConfigFile({ config, user }: InstallOptions, command: Command): Promise<string> {
  const { userConfigFile } = await import("../install/target.ts");
  const isGiven = command.getOptionValueSource("config") !== "default";
  return user === true && !isGiven ? userConfigFile() : resolve(config);
}

async function startConfig(
  order: Parameters<typeof import("../install/start-config.ts").startConfig>[0],
): Promise<never> {
  const { startConfig: start } = await import("../install/start-config.ts");
  throw new CommandError(start(order), EXIT.configuration);
}

async function uninstall(options: TargetOptions): Promise<void> {
  const { formatRemains } = await import("../install/next-steps.ts");
  const { uninstall: uninstallNow } = await import("../install/uninstall.ts");
  const { printText } = await import("../text/print.ts");
  const target = readTarget(options);
  const isDryRun = options.dryRun === true;
  const isFound = await uninstallNow({ ...target, isDryRun, print: printText });
  if (!isFound) printText("Nothing of nix-cache-builder install is here.\n");
  else printText(isDryRun ? NO_CHANGE : formatRemains(target.scope));
}

function readTarget({ root, user }: TargetOptions): {
  readonly scope: "system" | "user";
  readonly root: string;
} {
  if (user === true && root !== undefined) throw new CommandError("--root goes without --user", EXIT.usage);
  return { scope: user === true ? "user" : "system", root: root === undefined ? "" : resolve(root) };
}
