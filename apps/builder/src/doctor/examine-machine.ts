import { copyFile, mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";

import { ConfigError } from "@nix-cache/config";
import type { Nix } from "@nix-cache/nix-exec";

import { actAsOwner } from "../act-as-owner.ts";
import { CommandError } from "../command-error.ts";
import { remedyForConfig } from "../config-remedy.ts";
import { type BuilderMachineConfig, loadConfig } from "../load-config.ts";
import { readLockState } from "../lock-holder.ts";
import { openBuilderNix, placesOfNix } from "../open-nix.ts";
import { placesOf } from "../places.ts";
import { currentAccount, nameOfUser } from "./account.ts";
import { CHECKS } from "./checks.ts";
import { type DoctorContext, NixUnusableError } from "./doctor-context.ts";
import { isReadable, lookAt } from "./file-state.ts";
import { type Finding, reportAs } from "./finding.ts";
import { readHistoryView } from "./history-view.ts";
import { findLoadedCredentials, loadedKeysOf } from "./loaded-secrets.ts";
import { lookAsRoot } from "./root-view.ts";
import { runChecks } from "./run-checks.ts";
import { hasUnusableTokens } from "./unusable-tokens.ts";

/**
 * Looks for what keeps the cache from working. Run as root, it looks as the owner of stateDir, who does the work: a
 * key that root alone can read is of no use to the service.
 *
 * @returns what each check found, always in the same order
 */
export async function examineMachine(configFile: string, signal: AbortSignal): Promise<readonly Finding[]> {
  const config = await readConfig(configFile);
  if (config instanceof CommandError) return [describeUnusable(configFile, config)];
  const rootView = await lookAsRoot(config, signal);
  const loaded = await findLoadedCredentials();
  const serviceConfig = await actAsOwner({ config, configFile, secrets: loadedKeysOf(config, loaded) });
  await using scratch = await mkdtempDisposable(`${tmpdir()}/nix-cache-builder-doctor-`);
  const context = await createContext({
    config,
    configFile,
    serviceConfig,
    loaded,
    rootView,
    scratchDir: scratch.path,
    signal,
  });
  // Awaited here: the scratch directory goes when this returns.
  return await runChecks(context, CHECKS);
}

/** Answers with the error: that the configuration cannot be used is a finding as any other. */
async function readConfig(file: string): Promise<BuilderMachineConfig | CommandError> {
  try {
    return await loadConfig(file);
  } catch (error) {
    if (error instanceof CommandError) return error;
    throw error;
  }
}

function describeUnusable(file: string, { cause, message }: CommandError): Finding {
  const report = reportAs("configuration");
  if (!(cause instanceof ConfigError)) {
    return report.problem(message, { remedy: `correct ${file}, and try again` });
  }
  return report.problem(cause.message, { remedy: remedyForConfig(file, cause) });
}

type GivenContext = Pick<
  DoctorContext,
  "config" | "configFile" | "loaded" | "rootView" | "scratchDir" | "serviceConfig" | "signal"
>;

async function createContext(given: GivenContext): Promise<DoctorContext> {
  const { config, scratchDir, serviceConfig, signal } = given;
  const places = placesOf(config.builder);
  const account = await currentAccount();
  const stateDir = await lookAt(config.builder.stateDir);
  const owner = stateDir.type === "present" ? stateDir.uid : account.uid;
  const isService = stateDir.type !== "hidden" && owner === account.uid;
  const knownHostsFile = `${scratchDir}/known_hosts`;
  await copyIfReadable(config.builder.sshKnownHostsFile, knownHostsFile);
  const { cacheDir, ssh } = placesOfNix(serviceConfig.builder);
  const nixPlaces = {
    // What is in another user's cache is not for this one to change.
    cacheDir: isService ? cacheDir : `${scratchDir}/cache`,
    ssh: { ...ssh, knownHostsFile, pinsFile: `${scratchDir}/forges_known_hosts` },
  };
  const nix = once(() => openNix({ serviceConfig, nixPlaces, signal }));
  return {
    ...given,
    places,
    account,
    isService,
    serviceName: isService ? account.name : await nameOfUser(owner),
    history: readHistoryView(places.publicHistoryFile, config.builder.hosts),
    lock: (await isReadable(places.lockFile)) ? readLockState(places.lockFile) : undefined,
    nix,
    nixPlaces,
    settings: once(async () => (await nix()).showSettings({ signal })),
    knownHostsFile,
    now: () => new Date(),
  };
}

async function copyIfReadable(file: string, copy: string): Promise<void> {
  if (await isReadable(file)) await copyFile(file, copy);
}

type NixContext = Pick<DoctorContext, "nixPlaces" | "serviceConfig" | "signal">;

/** Opens Nix as a run has it. Tokens that cannot be used are not its fault, and told apart. */
async function openNix({ nixPlaces, serviceConfig, signal }: NixContext): Promise<Nix> {
  const { accessTokensFile: _tokens, ...builder } = serviceConfig.builder;
  try {
    return await openBuilderNix(serviceConfig, signal, nixPlaces);
  } catch (cause) {
    if (!(cause instanceof CommandError)) throw cause;
    if (hasUnusableTokens(cause)) {
      return openNix({ serviceConfig: { ...serviceConfig, builder }, nixPlaces, signal });
    }
    throw new NixUnusableError(cause.message, { cause });
  }
}

/** Makes a question that is asked once, however many checks want the answer. */
function once<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let answer: Promise<Answer> | undefined;
  return () => (answer ??= ask());
}
