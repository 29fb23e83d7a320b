import process from "node:process";

import type { Command } from "commander";

import { addCommand, type ConfigOptions } from "./command-context.ts";

/** Adds `client-config`: what an administrator pastes into the clients. */
export function addClientConfigCommand(program: Command): void {
  addCommand(program, "client-config", {
    description: "print what clients need: substituter, public key, a command to try",
    example: "nix-cache-builder client-config --config /etc/nix-cache-builder/config.toml",
  }).action(printClientConfig);
}

async function printClientConfig({ config: configFile }: ConfigOptions): Promise<void> {
  const { readCacheFacts } = await import("../client/cache-facts.ts");
  const { formatClientConfig } = await import("../client/client-config.ts");
  const { loadConfig } = await import("../load-config.ts");
  const config = await loadConfig(configFile);
  process.stdout.write(formatClientConfig(await readCacheFacts(config)));
}
