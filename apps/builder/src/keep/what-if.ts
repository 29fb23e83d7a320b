import type { BuilderConfig } from "@nix-cache/config";

import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-codes.ts";
import { suggest } from "../suggest.ts";
import type { KeepingLimits } from "./plan-keeping.ts";

/** What a plan can be asked for with other values of. */
const LIMITS = [
  "keepGenerations",
  "maxCacheSize",
  "minFreeSpace",
  "graceHours",
  "removedHostDays",
] as const satisfies readonly (keyof KeepingLimits)[];

/**
 * Takes the limits of the configuration with some of them changed.
 *
 * @param changes each as `keepGenerations=5`
 * @throws {@link CommandError} 2 for a limit that does not exist or a value that it cannot have
 */
export function changeLimits(config: BuilderConfig, changes: readonly string[]): KeepingLimits {
  const { graceHours, keepGenerations, maxCacheSize, minFreeSpace, removedHostDays } = config;
  const limits = { graceHours, keepGenerations, maxCacheSize, minFreeSpace, removedHostDays };
  for (const change of changes) {
    const [name = "", value = ""] = change.split("=", 2);
    const key = LIMITS.find((limit) => limit === name);
    if (key === undefined) throw new CommandError(describeUnknown(name), EXIT.usage);
    if (!/^\d+$/.test(value) || !Number.isSafeInteger(Number(value))) {
      const message = `--what-if ${change}: expected ${name}=N with a whole number, 0 or more`;
      throw new CommandError(message, EXIT.usage);
    }
    limits[key] = Number(value);
  }
  return limits;
}

function describeUnknown(name: string): string {
  const meant = suggest(name, LIMITS);
  const hint = meant === undefined ? `expected one of ${LIMITS.join(", ")}` : `did you mean ${meant}?`;
  return `--what-if ${name}: unknown limit: ${hint}`;
}
