export type { NixCapabilities } from "./capabilities.ts";
export {
  CAPABILITY_TABLE,
  type CapabilityRow,
  type NixCapability,
  type Release,
  type Releases,
} from "./capability-table.ts";
export type { CollectGarbageOptions, CollectGarbageResult } from "./commands/collect-garbage.ts";
export type { CopyClosureOptions } from "./commands/copy-closure.ts";
export type { GcRoot } from "./commands/list-roots.ts";
export type { FlakeMetadata } from "./commands/flake-metadata.ts";
export type { BuildPlan } from "./commands/plan-build.ts";
export type { BuildFailure, RealiseOptions, RealiseResult } from "./commands/realise.ts";
export type { VerifyContentsResult } from "./commands/verify-contents.ts";
export type { StuckPath } from "./commands/delete-from-store.ts";
export type { DeletePathsResult } from "./delete-paths.ts";
export type { NixEnvironmentOptions, NixStoreLocation } from "./environment.ts";
export type { CallOptions, LoggedCallOptions } from "./execute.ts";
export { formatGitFlakeRef, type GitFlakeRefOptions, formatPathFlakeRef } from "./flake-ref.ts";
export { type BuildLog, createBuildLog } from "./log/build-log.ts";
export { type BuildMonitor, createBuildMonitor } from "./log/build-monitor.ts";
export type { BuildSnapshot, RunningBuild, RunningTransfer } from "./log/build-snapshot.ts";
export type { Activity, LogEvent } from "./log/event.ts";
export type { FailedDerivation, FailureReason } from "./log/failed-derivation.ts";
export { parseLogLine } from "./log/parse-log-line.ts";
export { NixError, type NixErrorCode, type NixErrorOptions } from "./nix-error.ts";
export { type Nix, openNix, type OpenNixOptions } from "./nix.ts";
export type { PathInfo, PathInfoResult } from "./parse-path-info.ts";
export type { RepairPathsResult } from "./repair-paths.ts";
export type { NixImplementation, NixVersion, ReleaseNumbers } from "./version.ts";
