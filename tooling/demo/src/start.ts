import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";

import { type Config, ConfigError } from "@nix-cache/config";
import { readConfig } from "@nix-cache/config/fs";

import { startApp } from "./app.ts";
import { requireFreePort } from "./port.ts";
import { serveUntilStopped } from "./server.ts";
import { StartError } from "./start-error.ts";

const EXIT_FAILED = 1;
const EXIT_CONFIGURATION = 78;

/**
 * Runs the main job of a configuration, then serves its results until it is stopped.
 *
 * @param configFile the configuration of both apps
 * @param stopped aborted when the user wants everything to stop
 * @returns the exit code
 * @throws {StartError} when the configuration or the port forbid it
 */
export async function start(configFile: string, stopped: AbortSignal): Promise<number> {
  const { builder, cacheServer } = await loadConfig(configFile);
  if (cacheServer.enable) await requireFreePort(cacheServer);
  const run = startApp("nix-cache-builder", ["run", "--config", configFile]);
  stopped.addEventListener("abort", run.stop);
  const exitCode = await run.ended;
  const isOver = stopped.aborted || !cacheServer.enable;
  if (isOver || (exitCode !== 0 && !(await hasPublished(exitCode, builder?.cacheDir)))) return exitCode;
  return serveUntilStopped(configFile, cacheServer, stopped);
}

/** A bad night takes nothing away from the clients: what earlier runs published is served. */
async function hasPublished(exitCode: number, cacheDir: string | undefined): Promise<boolean> {
  if (exitCode !== EXIT_FAILED || cacheDir === undefined || !existsSync(cacheDir)) return false;
  const isThere = (await readdir(cacheDir)).some((name) => name.endsWith("-result"));
  if (isThere) process.stdout.write("\nThe run failed; what earlier runs published is served.\n");
  return isThere;
}

async function loadConfig(file: string): Promise<Config> {
  try {
    return await readConfig(file);
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new StartError(cause.message, EXIT_CONFIGURATION, { cause });
  }
}
