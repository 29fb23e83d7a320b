import { existsSync } from "node:fs";
import { copyFile } from "node:fs/promises";

import { formatGitFlakeRef, formatPathFlakeRef, NixError } from "@nix-cache/nix-exec";

import { createGitSource, type GitSource } from "../../git/git-source.ts";
import { suggest } from "../../suggest.ts";
import type { DoctorContext } from "../doctor-context.ts";
import { type Finding, reportAs } from "../finding.ts";
import { asBuilder, asService, doctorAsRoot } from "../remedies.ts";

const report = reportAs("flake");

/** Evaluates which hosts the flake has, and says which of the configured ones it has not. */
export async function checkFlake(context: DoctorContext): Promise<readonly Finding[]> {
  const { config, isService, serviceName } = context;
  const { flakePath } = config.builder;
  if (!isService) {
    return [report.skipped(`the flake is evaluated as ${serviceName}`, { remedy: doctorAsRoot(context) })];
  }
  const git = createGitSource(config.builder);
  const checkout = await git.readPrevious();
  if (checkout === undefined) {
    const remedy = asBuilder(context, "sync");
    return [report.skipped(`there is no checkout of it at ${flakePath} to evaluate`, { remedy })];
  }
  try {
    return judgeHosts(context, await evaluate(context, git, checkout.revision));
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof NixError)) throw error;
    return [reportFailure(context, error)];
  }
}

/** As a run does: the commit, with the lock that the last run made for it. */
async function evaluate(
  context: DoctorContext,
  git: GitSource,
  revision: string,
): Promise<readonly string[]> {
  const { config, scratchDir, signal } = context;
  const { flakeBranch, flakePath } = config.builder;
  const nix = await context.nix();
  const lock = findLock(context, revision);
  const isCopied = git.needsCopy || (lock !== undefined && !nix.capabilities.separateLockFile);
  if (!isCopied) {
    const ref = `refs/remotes/origin/${flakeBranch}`;
    const flakeRef = formatGitFlakeRef({ directory: flakePath, ref, rev: revision });
    return nix.evalHostNames({
      flakeRef,
      signal,
      ...(lock === undefined ? {} : { referenceLockFile: lock }),
    });
  }
  const copy = `${scratchDir}/flake`;
  await git.exportTree(revision, copy);
  if (lock !== undefined) await copyFile(lock, `${copy}/flake.lock`);
  return nix.evalHostNames({ flakeRef: formatPathFlakeRef(copy), signal });
}

function findLock({ history, places }: DoctorContext, revision: string): string | undefined {
  const run = history.type === "read" ? history.latestRun : undefined;
  if (run?.revision !== revision) return undefined;
  const lock = `${places.runDir(run.id)}/flake.lock`;
  return existsSync(lock) ? lock : undefined;
}

/** A lock that lacks inputs is made whole by a run that updates them. */
function reportFailure(context: DoctorContext, { code, message: detail }: NixError): Finding {
  const { config } = context;
  const { flakePath, updateFlake } = config.builder;
  if (code === "ERR_NIX_LOCK" && updateFlake) {
    const remedy =
      "nix flake lock && git add flake.lock && git commit   # in a clone of the flake, then push";
    return report.warning("the flake has no complete flake.lock: each run makes one anew", {
      detail,
      remedy,
    });
  }
  const features = ["--extra-experimental-features", "nix-command flakes"];
  const command = asService(
    context,
    "nix",
    ...features,
    "flake",
    "show",
    `git+file://${flakePath}`,
    "--show-trace",
  );
  return report.problem("the flake does not evaluate", { detail, remedy: `${command}   # shows where` });
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
