import { type Command, Option } from "commander";

import { addCommand, type ConfigOptions } from "./command-context.ts";

interface ClientConfigOptions extends ConfigOptions {
  readonly nixos?: true;
  readonly nixConf?: true;
}

/** Adds `client-config`: what an administrator pastes into the clients. */
export function addClientConfigCommand(program: Command): void {
  addCommand(program, "client-config", {
    description: "print what clients need to use the cache",
    example: "sudo nix-cache-builder client-config --nixos > cache-client.nix",
  })
    .option("--nixos", "print a NixOS module alone")
    .addOption(new Option("--nix-conf", "print lines of nix.conf alone").conflicts("nixos"))
    .action(printClientConfig);
}

async function printClientConfig(options: ClientConfigOptions): Promise<void> {
  const { readCacheFacts } = await import("../client/cache-facts.ts");
  const { formatClientConfig } = await import("../client/client-config.ts");
  const { formatNixConf, formatNixosModule } = await import("../client/client-settings.ts");
  const { loadConfig } = await import("../load-config.ts");
  const { printText } = await import("../text/print.ts");
  const facts = await readCacheFacts(await loadConfig(options.config));
  if (options.nixos) printText(formatNixosModule(facts));
  else if (options.nixConf) printText(formatNixConf(facts));
  else printText(formatClientConfig(facts));
}
