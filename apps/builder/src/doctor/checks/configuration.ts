import { hideCredentials } from "@nix-cache/gitsync";

import { findConfigSecrets, isReadByEveryone } from "../../config-secrets.ts";
import { findScheduleProblem } from "../../schedule/find-schedule-problem.ts";
import type { DoctorContext } from "../doctor-context.ts";
import { type Finding, reportAs } from "../finding.ts";

const report = reportAs("configuration");

/** Says what the configuration asks for, and whether it gives away a secret. */
export async function checkConfiguration(context: DoctorContext): Promise<readonly Finding[]> {
  const { config, configFile } = context;
  const { flakeBranch, flakeRepo, hosts } = config.builder;
  const which = hosts.includes("*") ? "every host" : `${hosts.length} host${hosts.length === 1 ? "" : "s"}`;
  const summary = `${configFile}: ${which} of ${hideCredentials(flakeRepo)}, branch ${flakeBranch}`;
  return [report.ok(summary), ...(await checkSchedule(context)), ...(await findSecrets(context))];
}

async function checkSchedule({ config, configFile }: DoctorContext): Promise<readonly Finding[]> {
  const problem = await findScheduleProblem(config.builder);
  if (problem === undefined) return [];
  const { key, message } = problem;
  return [report.problem(`${key}: ${message}`, { remedy: `${key} = "…"   # in ${configFile}` })];
}

async function findSecrets({ config, configFile }: DoctorContext): Promise<readonly Finding[]> {
  if (!(await isReadByEveryone(configFile))) return [];
  return findConfigSecrets(config).map(({ remedy, what }) =>
    report.warning(`everyone can read ${what} in ${configFile}`, { remedy }),
  );
}
