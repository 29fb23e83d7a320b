import { mkdirSync, writeFileSync } from "node:fs";
import { homedir, hostname } from "node:os";
import { dirname } from "node:path";

import { printText } from "../text/print.ts";
import { requireBelowRoot } from "./require-below-root.ts";
import { formatStarterConfig } from "./starter-config.ts";
import { requireSystemd } from "./systemd.ts";
import type { InstallTarget } from "./target.ts";

/** Where a configuration is missing. */
interface StartConfigOrder extends InstallTarget {
  readonly configFile: string;
  readonly isDryRun: boolean;
}

/**
 * Writes a configuration to fill in.
 *
 * @returns what to do with it
 */
export function startConfig({ configFile, isDryRun, ...target }: StartConfigOrder): string {
  requireSystemd(target, { isDryRun });
  requireBelowRoot(target, configFile);
  const file = `${target.root}${configFile}`;
  const home = homedir();
  const places = {
    stateDir: `${home}/.local/state/nix-cache-builder`,
    cacheDir: `${home}/.cache/nix-builds`,
  };
  const text = formatStarterConfig({
    configDir: dirname(configFile),
    keyName: `${hostname()}-1`,
    ...(target.scope === "user" ? { places } : {}),
  });
  if (isDryRun) {
    printText(text);
    return `there is no configuration ${file}: without --dry-run, the above is written there to be filled in`;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { flag: "wx" });
  return `there was no configuration: fill in what ${file} leaves open, and try again; nothing was started`;
}
