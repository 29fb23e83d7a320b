#!/usr/bin/env node
import { once } from "node:events";

import { ConfigError } from "@nix-cache/config";
import { readConfig } from "@nix-cache/config/fs";
import { Command, CommanderError } from "commander";

import packageJson from "../package.json" with { type: "json" };
import { chooseListenTarget } from "./listen.ts";
import { createLogger } from "./log.ts";
import { startServer } from "./server.ts";
import { StartError } from "./start-error.ts";

const DEFAULT_CONFIG_FILE = "/etc/nix-cache-builder/config.toml";

/** Exit codes; the last follows sysexits.h. */
const EXIT = { failed: 1, usage: 2, configuration: 78 } as const;

async function serve(configFile: string): Promise<void> {
  const config = await readConfig(configFile);
  const logger = createLogger(process.stdout.isTTY);
  const target = chooseListenTarget(config.cacheServer, process.env, process.pid);
  const server = await startServer(config, { target, logger, now: () => new Date() });

  // Once each, so that a second Ctrl-C ends the process at once.
  const [signal] = await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  logger.info({ signal }, "stopping");
  await server.stop();
  logger.info("stopped");
}

async function main(): Promise<void> {
  const command = new Command("nix-cache-server")
    .description("Serves a Nix store as a binary cache to the LAN.")
    .version(packageJson.version)
    .option("--config <file>", "configuration, TOML or JSON", DEFAULT_CONFIG_FILE)
    .exitOverride()
    .action(async ({ config }: { config: string }) => serve(config));
  try {
    await command.parseAsync();
  } catch (error) {
    process.exitCode = explain(error);
  }
}

/** Tells what went wrong in words for the administrator, and gives the exit code. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  if (error instanceof ConfigError) {
    console.error(`nix-cache-server: ${error.message}`);
    return EXIT.configuration;
  }
  if (!(error instanceof StartError)) throw error;
  console.error(`nix-cache-server: ${error.message}`);
  return EXIT.failed;
}

await main();
