import process from "node:process";

import { readCacheFacts } from "../client/cache-facts.ts";
import { formatClientConfig } from "../client/client-config.ts";
import { loadConfig } from "../load-config.ts";

/** Prints what an administrator pastes into the clients. */
export async function printClientConfig(configFile: string): Promise<void> {
  const config = await loadConfig(configFile);
  process.stdout.write(formatClientConfig(await readCacheFacts(config)));
}
