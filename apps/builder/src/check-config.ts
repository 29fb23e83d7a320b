import { type Config, ConfigError, type ConfigProblem } from "@nix-cache/config";
import { readConfig } from "@nix-cache/config/fs";
import { hideCredentials } from "@nix-cache/gitsync";

import { findConfigSecrets, isReadByEveryone } from "./config-secrets.ts";
import { findScheduleProblem } from "./schedule/find-schedule-problem.ts";
import { formatCalendar, parseSchedule } from "./schedule/schedule.ts";

/**
 * Reads a configuration and finds what no run or server would stumble over until it is too late: a schedule that is none,
 * a secret in a file that everyone can read. Nothing but the file is looked at.
 *
 * @returns the configuration, as the services have it
 * @throws {@link ConfigError} with every problem, as readConfig
 */
export async function checkConfig(file: string): Promise<Config> {
  const config = await readConfig(file);
  const { builder } = config;
  const schedule = builder === undefined ? undefined : await findScheduleProblem(builder);
  const secrets = (await isReadByEveryone(file)) ? findConfigSecrets(config) : [];
  const problems: readonly ConfigProblem[] = [...(schedule === undefined ? [] : [schedule]), ...secrets];
  if (problems.length > 0) throw new ConfigError("ERR_CONFIG_INVALID", problems, { file });
  return config;
}

/** Says in one line what a configuration asks for. */
export function summarizeConfig({ builder, cacheServer }: Config): string {
  const { enable, host, port } = cacheServer;
  const place = host.startsWith("unix:") ? host.slice("unix:".length) : `port ${port}`;
  const serves = enable ? [`serves on ${place}`] : [];
  if (builder === undefined) return [...serves, "builds nothing"].join(", ");
  const { flakeBranch, flakeRepo, hosts } = builder;
  const which = hosts.includes("*") ? "every host" : hosts.join(", ");
  const when = formatCalendar(parseSchedule(builder));
  return [
    `builds ${which} of ${hideCredentials(flakeRepo)}, branch ${flakeBranch}, at ${when}`,
    ...serves,
  ].join("; ");
}
