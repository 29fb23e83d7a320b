import { hideCredentials } from "@nix-cache/gitsync";

import type { DoctorContext } from "../doctor-context.ts";
import { lookAt } from "../file-state.ts";
import { type Finding, reportAs } from "../finding.ts";

const READABLE_BY_OTHERS = 0o004;

/** Settings of nix.conf that hold a secret. */
const SECRET_SETTINGS = ["access-tokens", "extra-access-tokens"];

/** Says what the configuration asks for, and whether it gives away a secret. */
export async function checkConfiguration(context: DoctorContext): Promise<readonly Finding[]> {
  const { config, configFile } = context;
  const { flakeBranch, flakeRepo, hosts } = config.builder;
  const report = reportAs("configuration");
  const which = hosts.includes("*") ? "every host" : `${hosts.length} host${hosts.length === 1 ? "" : "s"}`;
  const summary = `${configFile}: ${which} of ${hideCredentials(flakeRepo)}, branch ${flakeBranch}`;
  return [report.ok(summary), ...(await findSecrets(context))];
}

async function findSecrets({ config, configFile }: DoctorContext): Promise<readonly Finding[]> {
  const report = reportAs("configuration");
  const state = await lookAt(configFile);
  if (state.type !== "present" || (state.mode & READABLE_BY_OTHERS) === 0) return [];
  const { flakeRepo } = config.builder;
  const findings: Finding[] = [];
  if (/^https?:\/\/[^/@]*:[^/@]*@/.test(flakeRepo)) {
    const remedy =
      'builder.repoTokenFile = "/etc/nix-cache-builder/token"   # and no password in builder.flakeRepo';
    findings.push(
      report.warning(`everyone can read the password of builder.flakeRepo in ${configFile}`, { remedy }),
    );
  }
  if (SECRET_SETTINGS.some((name) => name in config.nix.settings)) {
    const remedy = 'builder.accessTokensFile = "/etc/nix-cache-builder/tokens"   # in place of nix.settings';
    findings.push(
      report.warning(`everyone can read the access tokens of nix.settings in ${configFile}`, { remedy }),
    );
  }
  return findings;
}
