import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import process from "node:process";

import { GitSyncError, hideCredentials, readRemoteRevision, type SshOptions } from "@nix-cache/gitsync";

import { repositoryOptions } from "../../git/git-source.ts";
import type { DoctorContext } from "../doctor-context.ts";
import { isReadable } from "../file-state.ts";
import { type Finding, reportAs } from "../finding.ts";
import { doctorAsRoot } from "../remedies.ts";
import { hostKeyNameOf, isSshAddress } from "../repository-address.ts";
import { remedyForRemote } from "../repository-remedies.ts";
import { inspectSecret } from "../secret-file.ts";
import { describeCheckout } from "../synced-checkout.ts";

const report = reportAs("repository");

/** Asks the repository where the branch is, the way a sync does, and says how far the checkout is. */
export async function checkRepository(context: DoctorContext): Promise<readonly Finding[]> {
  const { config, isService, serviceName } = context;
  const url = hideCredentials(config.builder.flakeRepo);
  if (!isService) {
    return [report.skipped(`${url} is asked as ${serviceName}`, { remedy: doctorAsRoot(context) })];
  }
  const key = await checkKey(context);
  if (key.some(({ status }) => status === "problem")) {
    return [...key, report.skipped(`${url} is not asked before its key can be used`)];
  }
  return [...key, ...(await askRemote(context, url))];
}

/** The key is used only if present; of a repository that needs none, only what would endanger it is said. */
async function checkKey(context: DoctorContext): Promise<readonly Finding[]> {
  const { flakeRepo, sshKeyFile: file } = context.config.builder;
  const state = await inspectSecret(context, report, { what: "SSH key", key: "builder.sshKeyFile", file });
  const isNeeded = isSshAddress(flakeRepo);
  switch (state.type) {
    case "readable":
      return state.findings;
    case "unreadable":
      return isNeeded ? [state.finding] : [];
    default:
      return isNeeded ? [report.skipped(`there is no SSH key ${file}: ssh's own keys are offered`)] : [];
  }
}

async function askRemote(context: DoctorContext, url: string): Promise<readonly Finding[]> {
  const { flakeBranch } = context.config.builder;
  try {
    const { finding, revision } = await findRevision(context);
    const answer = report.ok(`${url} answers: ${flakeBranch} is at ${revision.slice(0, 12)}`);
    return [answer, ...finding, await describeCheckout(context, revision)];
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof GitSyncError)) throw error;
    const { code, message } = error;
    return [
      report.problem(`${url} cannot be synced`, { detail: message, remedy: remedyForRemote(context, code) }),
    ];
  }
}

interface RemoteAnswer {
  readonly revision: string;
  readonly finding: readonly Finding[];
}

/** A host that is unknown is asked again with a copy of the known hosts, which the answer is not kept in. */
async function findRevision(context: DoctorContext): Promise<RemoteAnswer> {
  try {
    return { revision: await ask(context, "refuse"), finding: [] };
  } catch (error) {
    if (!(error instanceof GitSyncError) || error.code !== "ERR_GITSYNC_HOST_UNKNOWN") throw error;
  }
  const revision = await ask(context, "accept");
  return { revision, finding: [await describeNewHost(context)] };
}

async function ask(
  { knownHostsFile, serviceConfig, signal }: DoctorContext,
  unknownHosts: "accept" | "refuse",
): Promise<string> {
  const { ssh, ...options } = repositoryOptions(serviceConfig.builder);
  const { sshKeyFile } = serviceConfig.builder;
  const key: SshOptions = (await isReadable(sshKeyFile)) ? { keyFile: sshKeyFile } : {};
  return readRemoteRevision({
    ...options,
    env: process.env,
    signal,
    ssh: { ...ssh, ...key, knownHostsFile, unknownHosts },
  });
}

/** The key that was learned is the last line of the copy; how the line names its host depends on ssh's settings. */
async function describeNewHost({ config, knownHostsFile }: DoctorContext): Promise<Finding> {
  const { flakeRepo, sshKnownHostsFile } = config.builder;
  const host = hostKeyNameOf(flakeRepo);
  const line = (await readFile(knownHostsFile, "utf8")).trim().split("\n").at(-1) ?? "";
  const [, type = "", base64 = ""] = line.split(" ");
  const digest = createHash("sha256").update(base64, "base64").digest("base64").replace(/=+$/, "");
  return report.warning(`nobody said which key ${host} has: the next sync trusts the one that it shows`, {
    detail: `it shows ${type} SHA256:${digest}`,
    remedy: `compare that with what the host's owner publishes, then: echo '${host} ${type} ${base64}' >> ${sshKnownHostsFile}`,
  });
}
