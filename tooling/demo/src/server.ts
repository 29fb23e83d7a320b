import { setTimeout } from "node:timers/promises";

import type { CacheServerConfig } from "@nix-cache/config";

import { type RunningApp, startApp } from "./app.ts";

/** How often the server is asked whether it answers, while it starts. */
const POLL_MS = 50;

/**
 * Serves until a signal ends it, and prints what clients need as soon as it answers.
 *
 * @param configFile the configuration of both apps
 * @param stopped aborted when the user wants everything to stop
 * @returns the exit code: 0 when it was stopped
 */
export async function serveUntilStopped(
  configFile: string,
  config: CacheServerConfig,
  stopped: AbortSignal,
): Promise<number> {
  const server = startApp("nix-cache-server", ["--config", configFile]);
  stopped.addEventListener("abort", server.stop);
  if (stopped.aborted) server.stop();
  if (await answers(config, server)) {
    await startApp("nix-cache-builder", ["client-config", "--config", configFile]).ended;
    process.stdout.write("\nServing until Ctrl-C.\n");
  }
  return server.ended;
}

/** Waits until the server answers; false when it ends instead. */
async function answers(config: CacheServerConfig, server: RunningApp): Promise<boolean> {
  const ended = new AbortController();
  void server.ended.then(() => ended.abort());
  while (!ended.signal.aborted) {
    if (await isListening(config)) return true;
    await setTimeout(POLL_MS);
  }
  return false;
}

async function isListening({ host, port }: CacheServerConfig): Promise<boolean> {
  if (host.startsWith("unix:")) return true;
  const address =
    { "::": "[::1]", "0.0.0.0": "127.0.0.1" }[host] ?? (host.includes(":") ? `[${host}]` : host);
  try {
    await fetch(`http://${address}:${port}/nix-cache-info`);
    return true;
  } catch {
    // Not yet, or not any more: the caller looks whether it still runs.
    return false;
  }
}
