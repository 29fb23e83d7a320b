#!/usr/bin/env node
import { once } from "node:events";

import { ConfigError } from "@nix-cache/config";
import { readConfig } from "@nix-cache/config/fs";
import { CommanderError } from "commander";

import { createProgram } from "./cli.ts";
import { EXIT } from "./exit-codes.ts";
import { chooseListenTarget } from "./listen.ts";
import { createLogger } from "./log.ts";
import { startServer } from "./server.ts";
import { StartError } from "./start-error.ts";

async function serve(configFile: string): Promise<void> {
  const config = await readConfig(configFile, { credentialsDir: process.env["CREDENTIALS_DIRECTORY"] });
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
  try {
    await createProgram(serve).parseAsync();
  } catch (error) {
    process.exitCode = explain(error);
  }
}

/** Tells what went wrong in words for the administrator, and gives the exit code. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof ConfigError) {
    console.error(`nix-cache-server: ${error.message}${remedyFor(error)}`);
    return EXIT.configuration;
  }
  if (!(error instanceof StartError)) throw error;
  console.error(`nix-cache-server: ${error.message}`);
  return EXIT.failed;
}

/** Problems of what the file says have their own words for what was expected. */
function remedyFor({ code }: ConfigError): string {
  if (code !== "ERR_CONFIG_UNREADABLE") return "";
  return "\n  -> write it, let this user read it, or name another with --config FILE";
}

await main();
