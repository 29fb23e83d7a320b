import { isAbsolute, join } from "node:path";

import { addAccessTokens } from "./add-access-tokens.ts";
import { capabilitiesOf, type NixCapabilities } from "./capabilities.ts";
import type { NixCommand } from "./command.ts";
import { addRoot, type AddRootOptions } from "./commands/add-root.ts";
import {
  collectGarbage,
  type CollectGarbageOptions,
  type CollectGarbageResult,
} from "./commands/collect-garbage.ts";
import { copyClosure, type CopyClosureOptions } from "./commands/copy-closure.ts";
import { evalDrvPath, type EvalDrvPathOptions } from "./commands/eval-drv-path.ts";
import { evalHostNames, type EvalHostNamesOptions } from "./commands/eval-host-names.ts";
import { findInvalidPaths, type FindInvalidPathsOptions } from "./commands/find-invalid-paths.ts";
import { flakeMetadata, type FlakeMetadata, type FlakeMetadataOptions } from "./commands/flake-metadata.ts";
import {
  updateDirectory,
  type UpdateDirectoryOptions,
  updateLockFile,
  type UpdateLockFileOptions,
} from "./commands/flake-update.ts";
import { type GcRoot, listRoots } from "./commands/list-roots.ts";
import { pathInfo, type PathInfoOptions } from "./commands/path-info.ts";
import { pingStore, type PingStoreOptions } from "./commands/ping-store.ts";
import { type BuildPlan, planBuild, type PlanBuildOptions } from "./commands/plan-build.ts";
import { readBuildLog, type ReadBuildLogOptions } from "./commands/read-build-log.ts";
import { realise, type RealiseOptions, type RealiseResult } from "./commands/realise.ts";
import { showSettings } from "./commands/show-settings.ts";
import { showVersion } from "./commands/show-version.ts";
import { signClosure, type SignOptions } from "./commands/sign.ts";
import {
  verifyContents,
  type VerifyContentsOptions,
  type VerifyContentsResult,
} from "./commands/verify-contents.ts";
import { verifyClosure, type VerifyOptions } from "./commands/verify.ts";
import { deletePaths, type DeletePathsOptions, type DeletePathsResult } from "./delete-paths.ts";
import { buildEnvironment, type NixEnvironmentOptions } from "./environment.ts";
import { type CallOptions, execute, type LoggedCallOptions } from "./execute.ts";
import type { PathInfoResult } from "./parse-path-info.ts";
import { repairPaths, type RepairPathsOptions, type RepairPathsResult } from "./repair-paths.ts";
import { restoreOnFailure } from "./restore-on-failure.ts";
import type { NixVersion } from "./version.ts";

/** Options of openNix. */
export interface OpenNixOptions extends NixEnvironmentOptions {
  /** Absolute directory of nix and nix-store; left out, they are found on the PATH of `env`. */
  readonly binDir?: string;
  /**
   * File of forge tokens, read once: lines `access-tokens = HOST=TOKEN ...` as in nix.conf, or lines `HOST=TOKEN`. They
   * are added to those of nix.conf, reach Nix through NIX_CONFIG, and are hidden in what it prints.
   */
  readonly accessTokensFile?: string;
  /** Ends the detection. */
  readonly signal?: AbortSignal;
}

/** The `nix` of one machine: what it is, what it can do, and a typed call for each command. */
export interface Nix {
  readonly version: NixVersion;
  readonly capabilities: NixCapabilities;
  /** Lists the names below nixosConfigurations, sorted, without evaluating any host. */
  evalHostNames(options: EvalHostNamesOptions & CallOptions): Promise<readonly string[]>;
  /** Evaluates a host to the path of its system's derivation, which it writes to the store, unrooted. */
  evalDrvPath(options: EvalDrvPathOptions & CallOptions): Promise<string>;
  /** Fetches a flake and tells what it is and what it is locked to. */
  flakeMetadata(options: FlakeMetadataOptions & CallOptions): Promise<FlakeMetadata>;
  /** Updates inputs into a lock file outside the flake; needs `capabilities.separateLockFile`. */
  updateLockFile(options: UpdateLockFileOptions & CallOptions): Promise<void>;
  /** Updates inputs in a plain copy of a flake, on every version; a failure leaves flake.lock as it was. */
  updateDirectory(options: UpdateDirectoryOptions & CallOptions): Promise<void>;
  /** Tells what `realise` would build and fetch, and the sizes; nothing is built. */
  planBuild(options: PlanBuildOptions & CallOptions): Promise<BuildPlan>;
  /** Builds a derivation or fetches an output, in 24 hours at most; a failed build is a result, no error. */
  realise(options: RealiseOptions & LoggedCallOptions): Promise<RealiseResult>;
  /** Reads the log of a build; undefined when there is none. */
  readBuildLog(options: ReadBuildLogOptions & CallOptions): Promise<string | undefined>;
  /** Makes a GC root of a valid path. */
  addRoot(options: AddRootOptions & CallOptions): Promise<void>;
  /** Signs a closure with a key in a file. */
  signClosure(options: SignOptions & CallOptions): Promise<{ readonly added: number }>;
  /** Says whether every path of a closure has enough signatures of trusted keys. */
  verifyClosure(options: VerifyOptions & CallOptions): Promise<boolean>;
  /** Hashes the files of a closure and names those that are not what they were; its events tell how far it is. */
  verifyContents(options: VerifyContentsOptions & LoggedCallOptions): Promise<VerifyContentsResult>;
  /** Fetches or builds damaged paths anew, in 24 hours at most for each; needs the store's owner, not the daemon. */
  repairPaths(options: RepairPathsOptions & CallOptions): Promise<RepairPathsResult>;
  /** Copies a closure from or to another store, in 24 hours at most. */
  copyClosure(options: CopyClosureOptions & LoggedCallOptions): Promise<void>;
  /** Looks up hashes, sizes, references and signatures. */
  pathInfo(options: PathInfoOptions & CallOptions): Promise<PathInfoResult>;
  /** Names those of the paths that the store does not have. */
  findInvalidPaths(options: FindInvalidPathsOptions & CallOptions): Promise<readonly string[]>;
  /** Lists the GC roots. */
  listRoots(options?: CallOptions): Promise<readonly GcRoot[]>;
  /** Deletes what no GC root protects. */
  collectGarbage(options?: CollectGarbageOptions & CallOptions): Promise<CollectGarbageResult>;
  /** Deletes what no GC root protects of paths or their closures; a path that is alive or busy is an answer. */
  deletePaths(options: DeletePathsOptions & CallOptions): Promise<DeletePathsResult>;
  /** Connects to another store, such as a remote builder's, and asks for nothing. */
  pingStore(options: PingStoreOptions & CallOptions): Promise<void>;
  /** Reads the settings in force, secrets among them. */
  showSettings(options?: CallOptions): Promise<Readonly<Record<string, unknown>>>;
}

/** Detection reads no store and no network. */
const DETECT_TIMEOUT_MS = 30_000;
/** A night's builds, or a first copy to a cache; buildTimeoutMs is the limit of each derivation. */
const LONG_TIMEOUT_MS = 24 * 60 * 60 * 1000;

/**
 * Finds Nix, asks for its version once, and gives the calls as that version spells them.
 *
 * @returns the calls; all throw NixError, or the reason of their signal
 * @throws NixError ERR_NIX_NOT_FOUND, ERR_NIX_VERSION, ERR_NIX_UNSUPPORTED, ERR_NIX_ACCESS_TOKENS; TypeError for a relative binDir
 * @example
 * const nix = await openNix({ env: process.env });
 * const drvPath = await nix.evalDrvPath({ flakeRef: "git+file:///srv/flake?ref=main", host: "nz" });
 */
export async function openNix(options: OpenNixOptions): Promise<Nix> {
  const { accessTokensFile, binDir, signal } = options;
  if (binDir !== undefined && !isAbsolute(binDir)) {
    throw new TypeError(`expected binDir to be an absolute path, got ${JSON.stringify(binDir)}`);
  }
  const plain = { env: buildEnvironment(options), ...(binDir === undefined ? {} : { binDir }) };
  const detection = { timeoutMs: DETECT_TIMEOUT_MS, ...(signal === undefined ? {} : { signal }) };
  const version = await execute(plain, showVersion(), detection);
  const capabilities = capabilitiesOf(version);
  const context =
    accessTokensFile === undefined
      ? plain
      : await addAccessTokens(plain, accessTokensFile, { ...detection, capabilities });
  const run = async <Result>(command: NixCommand<Result>, call?: LoggedCallOptions): Promise<Result> =>
    execute(context, command, call);
  const runAll = async (commands: readonly NixCommand<undefined>[], call: CallOptions): Promise<void> => {
    for (const command of commands) await run(command, call);
  };

  return {
    version,
    capabilities,
    evalHostNames: async (call) => run(evalHostNames(call, capabilities), call),
    evalDrvPath: async (call) => run(evalDrvPath(call, capabilities), call),
    flakeMetadata: async (call) => run(flakeMetadata(call, capabilities), call),
    updateLockFile: async (call) => {
      const commands = updateLockFile(call, capabilities);
      return restoreOnFailure(call.outputLockFile, async () => runAll(commands, call));
    },
    updateDirectory: async (call) => {
      const commands = updateDirectory(call, capabilities);
      return restoreOnFailure(join(call.directory, "flake.lock"), async () => runAll(commands, call));
    },
    planBuild: async (call) => run(planBuild(call), call),
    realise: async (call) => run(realise(call), { timeoutMs: LONG_TIMEOUT_MS, ...call }),
    readBuildLog: async (call) => run(readBuildLog(call), call),
    addRoot: async (call) => run(addRoot(call), call),
    signClosure: async (call) => run(signClosure(call), call),
    verifyClosure: async (call) => run(verifyClosure(call), call),
    verifyContents: async (call) => run(verifyContents(call), call),
    repairPaths: async (call) =>
      repairPaths(async (command) => run(command, { timeoutMs: LONG_TIMEOUT_MS, ...call }), call),
    copyClosure: async (call) => run(copyClosure(call), { timeoutMs: LONG_TIMEOUT_MS, ...call }),
    pathInfo: async (call) => run(pathInfo(call, capabilities), call),
    findInvalidPaths: async (call) => run(findInvalidPaths(call), call),
    listRoots: async (call) => run(listRoots(), call),
    collectGarbage: async (call = {}) => run(collectGarbage(call), call),
    deletePaths: async (call) => deletePaths(async (command) => run(command, call), call, capabilities),
    pingStore: async (call) => run(pingStore(call, capabilities), call),
    showSettings: async (call) => run(showSettings(capabilities), call),
  };
}
