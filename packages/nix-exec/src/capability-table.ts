/** `major.minor`, or `major.minor.patch`, as numbers. */
export type Release = readonly [major: number, minor: number, patch?: number];

/** Releases that have something: from `since` on, up to and with every patch of `until`. */
export interface Releases {
  /** Left out: from the first release of the implementation on. */
  readonly since?: Release;
  /** Left out: still there. */
  readonly until?: readonly [major: number, minor: number];
}

/** Who has something, by the numbers of each implementation. */
export interface CapabilityRow {
  readonly nix: Releases | "never";
  /** Lix forked at 2.18 and counts from 2.90. */
  readonly lix: Releases | "never";
  /** By Determinate's own numbers, 3.0 and up; `base`: as the upstream release that it is based on. */
  readonly determinate: Releases | "never" | "base";
}

/** A difference between the releases of Nix, Lix and Determinate Nix. */
export type NixCapability =
  /** The positional argument of `nix flake update` is the flake. */
  | "updateTakesFlakeUrl"
  /** `nix flake update INPUT --flake URL`. */
  | "updateTakesInputs"
  /** More than one input in `nix flake update INPUT...`. */
  | "updateTakesSeveralInputs"
  /** `nix flake lock --update-input INPUT`, without a warning. */
  | "lockUpdateInput"
  /** The same with a warning that it is deprecated. */
  | "lockUpdateInputDeprecated"
  /** `--reference-lock-file` and `--output-lock-file`. */
  | "separateLockFile"
  /** `path:` references are percent-decoded. */
  | "pathRefPercentDecoding"
  /** `inputs.self.submodules = true` in flake.nix. */
  | "selfSubmodules"
  /** `nix flake prefetch-inputs`. */
  | "flakePrefetchInputs"
  /** `fingerprint` in the metadata of an immutable flake. */
  | "metadataFingerprint"
  /** The same for a dirty git tree. */
  | "metadataDirtyFingerprint"
  /** `dirtyRevision` in the metadata of a dirty git tree. */
  | "metadataDirtyRevision"
  /** The installable `x.drv^out`. */
  | "derivationOutputInstallable"
  /** The installable `x.drv` is the derivation itself; before, its outputs. */
  | "derivationPathInstallable"
  /** `nix build --print-out-paths`. */
  | "buildPrintOutPaths"
  /** `nix build --json` tells when a build started and stopped. */
  | "buildJsonTimes"
  /** `nix build --json` gives a store path as string; before, as `{ path }`. */
  | "buildJsonPathString"
  /** `nix path-info --json` prints a map; before, a list. */
  | "pathInfoJsonMap"
  /** `nix path-info --json-format 1` and `2`; leaving it out warns where it exists. */
  | "pathInfoJsonFormat"
  /** `nix path-info --json-format 3`. */
  | "pathInfoJsonFormat3"
  /** `nix config show`; `nix show-config` before. */
  | "configShow"
  /** `nix store info`; `nix store ping` before. */
  | "storeInfo"
  /** `nix store ping --json`. */
  | "storePingJson"
  /** The default of `connect-timeout` is finite. */
  | "connectTimeoutDefault"
  /** The setting `json-log-path`. */
  | "jsonLogPath"
  /** `nix copy --out-link` and `--profile`. */
  | "copyOutLink"
  /** `nix store delete --skip-alive`. */
  | "deleteSkipAlive"
  /** `nix store delete --delete-closure --skip-live`. */
  | "deleteClosureSkipLive"
  /** `nix store delete --unlink`. */
  | "deleteUnlink"
  /** `nix store gc` prints what it freed in the unit that fits; before, in MiB. */
  | "freedInFittingUnit"
  /** `nix-store --gc --print-roots` puts links in quotes. */
  | "rootsInQuotes"
  /** `nix store diff-closures --json`. */
  | "diffClosuresJson"
  /** `nix eval --drv-link`, which roots the derivation. */
  | "evalDrvLink"
  /** `nix ps`. */
  | "ps"
  /** `parent` of an activity in the log. */
  | "logParent"
  /** Activity 112 (fetch tree) and result 108 (fetch status) in the log. */
  | "logFetchTree"
  /** Activity 113 and result 109 (fetch to store) in the log. */
  | "logFetchToStore"
  /** Result 109 (hash mismatch) and 110 (build result), with `payload`, in the log. */
  | "logBuildResult"
  /** `sid` of every record in the log. */
  | "logSessionId"
  /** A failed build is reported as "Cannot build X. Reason: ..."; before, "builder for X failed". */
  | "logFailureReason";

const ALWAYS: Releases = {};
/** A row of upstream's alone, which Determinate takes over with its base. */
const upstream = (nix: Releases): CapabilityRow => ({ nix, lix: "never", determinate: "base" });
/** A row that Lix had from its fork on. */
const upstreamAndLix = (nix: Releases): CapabilityRow => ({ nix, lix: ALWAYS, determinate: "base" });
const lixOnly = (lix: Releases): CapabilityRow => ({ nix: "never", lix, determinate: "never" });
const determinateOnly = (determinate: Releases): CapabilityRow => ({
  nix: "never",
  lix: "never",
  determinate,
});

/**
 * Every known difference, by the sources of each release; the rows of Nix 2.8, 2.26 and 2.34 are run
 * (nix-capabilities.test.ts). A row that no call here reads tells callers of their own commands.
 */
export const CAPABILITY_TABLE: Readonly<Record<NixCapability, CapabilityRow>> = {
  updateTakesFlakeUrl: { nix: { until: [2, 18] }, lix: "never", determinate: "never" },
  updateTakesInputs: upstreamAndLix({ since: [2, 19] }),
  updateTakesSeveralInputs: upstreamAndLix({ since: [2, 21] }),
  lockUpdateInput: { nix: { until: [2, 18] }, lix: "never", determinate: "never" },
  lockUpdateInputDeprecated: upstream({ since: [2, 20] }),
  separateLockFile: upstreamAndLix({ since: [2, 15] }),
  pathRefPercentDecoding: upstreamAndLix({ since: [2, 18] }),
  selfSubmodules: upstream({ since: [2, 27] }),
  flakePrefetchInputs: { nix: { since: [2, 31] }, lix: "never", determinate: { since: [3, 7] } },
  metadataFingerprint: upstream({ since: [2, 24] }),
  metadataDirtyFingerprint: upstream({ since: [2, 26] }),
  metadataDirtyRevision: upstreamAndLix({ since: [2, 17] }),
  derivationOutputInstallable: upstreamAndLix({ since: [2, 13] }),
  derivationPathInstallable: upstreamAndLix({ since: [2, 15] }),
  buildPrintOutPaths: upstreamAndLix({ since: [2, 9] }),
  // 2.34.8 prints none, which was seen; where between 2.27 and 2.34 that began was not.
  buildJsonTimes: upstreamAndLix({ since: [2, 12], until: [2, 33] }),
  buildJsonPathString: upstreamAndLix({ since: [2, 18] }),
  pathInfoJsonMap: upstream({ since: [2, 19] }),
  pathInfoJsonFormat: upstream({ since: [2, 33] }),
  pathInfoJsonFormat3: upstream({ since: [2, 35] }),
  configShow: upstreamAndLix({ since: [2, 20] }),
  storeInfo: upstream({ since: [2, 19] }),
  storePingJson: upstreamAndLix({ since: [2, 14] }),
  connectTimeoutDefault: { nix: { since: [2, 29] }, lix: { since: [2, 93] }, determinate: "base" },
  jsonLogPath: { nix: { since: [2, 30] }, lix: "never", determinate: { since: [3, 1] } },
  copyOutLink: upstream({ since: [2, 26] }),
  deleteSkipAlive: { nix: { since: [2, 35] }, lix: "never", determinate: { since: [3, 22] } },
  deleteClosureSkipLive: lixOnly({ since: [2, 93] }),
  deleteUnlink: lixOnly({ since: [2, 95] }),
  freedInFittingUnit: upstream({ since: [2, 33] }),
  rootsInQuotes: upstream({ since: [2, 34] }),
  diffClosuresJson: lixOnly({ since: [2, 93] }),
  evalDrvLink: determinateOnly({ since: [3, 22, 2] }),
  ps: determinateOnly({ since: [3, 14] }),
  logParent: upstreamAndLix({ since: [2, 18] }),
  logFetchTree: upstream({ since: [2, 20] }),
  logFetchToStore: { nix: { since: [2, 36] }, lix: "never", determinate: "never" },
  logBuildResult: determinateOnly({ since: [3, 1] }),
  logSessionId: determinateOnly({ since: [3, 20] }),
  logFailureReason: upstream({ since: [2, 29] }),
};
