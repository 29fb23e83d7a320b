import type { Command } from "commander";

import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-codes.ts";
import type { RunOrder } from "../nightly-run.ts";
import type { RunDeps } from "../run-deps.ts";
import { addCommand, type CommandContext, type ConfigOptions } from "./command-context.ts";

interface RunOptions extends ConfigOptions {
  readonly host?: readonly string[];
  readonly sync: boolean;
  readonly update: boolean;
  readonly dryRun?: true;
  readonly json?: true;
}

/** Adds `run`: a night's work. */
export function addRunCommand(program: Command, context: CommandContext): void {
  addCommand(program, "run", {
    description: "sync, update the inputs, build, sign and publish",
    example: "nix-cache-builder run --host nz,beez --no-update",
  })
    .option("--host <name>", "build this host alone; repeat it, or separate names by commas", addNames)
    .option("--no-sync", "build what an earlier sync left")
    .option("--no-update", "build with the committed flake.lock")
    .option("--dry-run", "sync, update and evaluate, then say what would be built and fetched")
    .option("--json", "with --dry-run: one JSON document")
    .action((options: RunOptions) => run(options, context));
}

function addNames(value: string, names: readonly string[] = []): readonly string[] {
  return [...names, ...value.split(",").filter((name) => name !== "")];
}

async function run(options: RunOptions, context: CommandContext): Promise<void> {
  if (options.json && !options.dryRun) {
    throw new CommandError("--json goes with --dry-run: a run logs JSON lines by itself", EXIT.usage);
  }
  await checkHosts(options);
  const order: RunOrder = { sync: options.sync, ...(options.host && { hosts: options.host }) };
  await (options.dryRun ? showPlan(options, context, order) : runNow(options, context, order));
}

/** Before anything else is done, where the configuration says which hosts there are. */
async function checkHosts({ config: configFile, host: hosts }: RunOptions): Promise<void> {
  if (hosts === undefined) return;
  const { loadConfig } = await import("../load-config.ts");
  const { requireKnownHosts } = await import("../suggest.ts");
  const { builder } = await loadConfig(configFile);
  if (!builder.hosts.includes("*")) requireKnownHosts(hosts, builder.hosts);
}

async function runNow(options: RunOptions, { signal }: CommandContext, order: RunOrder): Promise<void> {
  const { SECRET_KEYS } = await import("@nix-cache/config/fs");
  const { choosePlaces } = await import("../choose-places.ts");
  const { withBuilderState } = await import("../builder-state.ts");
  const { runNightly } = await import("../nightly-run.ts");
  const status = await withBuilderState({
    command: "nix-cache-builder run",
    configFile: options.config,
    secrets: SECRET_KEYS,
    signal,
    work: async (state) => {
      const deps = await openRunDeps(state, options);
      return runNightly({ ...deps, places: await choosePlaces(state) }, order);
    },
  });
  if (status === "FAILED") process.exitCode = EXIT.failed;
}

async function showPlan(options: RunOptions, { signal }: CommandContext, order: RunOrder): Promise<void> {
  const { SECRET_KEYS } = await import("@nix-cache/config/fs");
  const { withBuilderState } = await import("../builder-state.ts");
  const { planRun } = await import("../dry-run.ts");
  const { formatDryRun } = await import("../report/format-dry-run.ts");
  const { printJson, printText } = await import("../text/print.ts");
  const plan = await withBuilderState({
    command: "nix-cache-builder run --dry-run",
    configFile: options.config,
    secrets: SECRET_KEYS,
    signal,
    logOutput: "stderr",
    work: async (state) => planRun(await openRunDeps(state, options), order),
  });
  if (options.json) printJson(plan);
  else printText(formatDryRun(plan));
  if (plan.hosts.every(({ type }) => type === "failed")) process.exitCode = EXIT.failed;
}

async function openRunDeps(
  state: Omit<RunDeps, "git" | "nix">,
  { update }: Pick<RunOptions, "update">,
): Promise<RunDeps> {
  const { createGitSource } = await import("../git/git-source.ts");
  const { openBuilderNix } = await import("../open-nix.ts");
  const builder = { ...state.config.builder, ...(update ? {} : { updateFlake: false }) };
  return {
    ...state,
    config: { ...state.config, builder },
    git: createGitSource(builder),
    nix: await openBuilderNix(state.config, state.signal),
  };
}
