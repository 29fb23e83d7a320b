import { existsSync } from "node:fs";

import { formatGitFlakeRef, formatPathFlakeRef, NixError } from "@nix-cache/nix-exec";

import { createGitSource } from "../../git/git-source.ts";
import { suggest } from "../../suggest.ts";
import { quoteShell } from "../../text/quote-shell.ts";
import type { DoctorContext } from "../doctor-context.ts";
import { type Finding, reportAs } from "../finding.ts";
import { asBuilder, doctorAsRoot } from "../remedies.ts";

const report = reportAs("flake");

/** Evaluates which hosts the flake has, and says which of the configured ones it has not. */
export async function checkFlake(context: DoctorContext): Promise<readonly Finding[]> {
  const { config, isService, serviceName } = context;
  const { flakePath } = config.builder;
  if (!isService) {
    return [report.skipped(`the flake is evaluated as ${serviceName}`, { remedy: doctorAsRoot(context) })];
  }
  const checkout = await createGitSource(config.builder).readPrevious();
  if (checkout === undefined) {
    const remedy = asBuilder(context, "sync");
    return [report.skipped(`there is no checkout of it at ${flakePath} to evaluate`, { remedy })];
  }
  try {
    return judgeHosts(context, await evaluate(context, checkout.revision));
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof NixError)) throw error;
    return [
      report.problem("the flake does not evaluate", { detail: error.message, remedy: remedyFor(context) }),
    ];
  }
}

/** As a run does: the commit, with the lock that the last run updated where this Nix takes one. */
async function evaluate(context: DoctorContext, revision: string): Promise<readonly string[]> {
  const { config, history, places, signal } = context;
  const nix = await context.nix();
  const run = history.type === "read" ? history.latestRun : undefined;
  const lock = run?.revision === revision ? `${places.runDir(run.id)}/flake.lock` : undefined;
  const hasLock = lock !== undefined && nix.capabilities.separateLockFile && existsSync(lock);
  const flakeRef = config.builder.submodules
    ? await copyFlake(context, revision)
    : formatGitFlakeRef({
        directory: config.builder.flakePath,
        ref: `refs/remotes/origin/${config.builder.flakeBranch}`,
        rev: revision,
      });
  return nix.evalHostNames({ flakeRef, signal, ...(hasLock ? { referenceLockFile: lock } : {}) });
}

async function copyFlake({ config, scratchDir }: DoctorContext, revision: string): Promise<string> {
  const directory = `${scratchDir}/flake`;
  await createGitSource(config.builder).exportTree(revision, directory);
  return formatPathFlakeRef(directory);
}

function judgeHosts(context: DoctorContext, names: readonly string[]): readonly Finding[] {
  const { hosts } = context.config.builder;
  if (names.length === 0) {
    const remedy = "add a host to nixosConfigurations in flake.nix, and push it";
    return [report.problem("the flake evaluates, and has no hosts", { remedy })];
  }
  const found = report.ok(`the flake evaluates; its hosts are ${names.join(", ")}`);
  const missing = hosts.includes("*") ? [] : hosts.filter((host) => !names.includes(host));
  return [found, ...missing.map((host) => reportMissing(context, host, names))];
}

function reportMissing(
  { config, configFile }: DoctorContext,
  host: string,
  names: readonly string[],
): Finding {
  const meant = suggest(host, names);
  const hosts = config.builder.hosts.flatMap((name) => (name === host ? (meant ?? []) : name));
  const remedy = `builder.hosts = ${JSON.stringify(hosts)}   # in ${configFile}`;
  return report.problem(
    `the flake has no host ${host}${meant === undefined ? "" : `: did you mean ${meant}?`}`,
    { remedy },
  );
}

function remedyFor({ config, serviceName }: DoctorContext): string {
  const flake = quoteShell(`git+file://${config.builder.flakePath}`);
  return `see where it fails: sudo -u ${serviceName} nix --extra-experimental-features 'nix-command flakes' flake show ${flake} --show-trace`;
}
