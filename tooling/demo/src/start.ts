import { type Config, ConfigError } from "@nix-cache/config";
import { readConfig } from "@nix-cache/config/fs";

import { startApp } from "./app.ts";
import { requireFreePort } from "./port.ts";
import { serveUntilStopped } from "./server.ts";
import { StartError } from "./start-error.ts";

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
  const { cacheServer } = await loadConfig(configFile);
  if (cacheServer.enable) await requireFreePort(cacheServer);
  const run = startApp("nix-cache-builder", ["run", "--config", configFile]);
  stopped.addEventListener("abort", run.stop);
  const exitCode = await run.ended;
  if (exitCode !== 0 || stopped.aborted || !cacheServer.enable) return exitCode;
  return serveUntilStopped(configFile, cacheServer, stopped);
}

async function loadConfig(file: string): Promise<Config> {
  try {
    return await readConfig(file);
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    const problems = cause.message.replaceAll("\n", "\n  ");
    throw new StartError(`${file} cannot be used:\n  ${problems}`, EXIT_CONFIGURATION, { cause });
  }
}
