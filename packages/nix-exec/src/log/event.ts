/**
 * What Nix is doing, from an activity's type and fields.
 * Numbers: https://github.com/NixOS/nix/blob/2.34.8/src/libutil/include/nix/util/logging.hh (ActivityType).
 */
export type Activity =
  | { readonly type: "build"; readonly drvPath: string; readonly machine: string }
  | { readonly type: "copy-path"; readonly storePath: string; readonly from: string; readonly to: string }
  | { readonly type: "file-transfer"; readonly uri: string }
  | { readonly type: "substitute"; readonly storePath: string; readonly substituter: string }
  | { readonly type: "query-path-info"; readonly storePath: string; readonly uri: string }
  | { readonly type: "post-build-hook"; readonly drvPath: string }
  /** From Nix 2.36 on: a source goes into the store; its path there comes as `fetched-to-store`. */
  | { readonly type: "fetch-to-store"; readonly sourcePath: string }
  | { readonly type: GroupActivityType };

/** Activities that carry no fields, or none that all versions agree on. */
export type GroupActivityType =
  | "realise"
  | "copy-paths"
  | "builds"
  | "optimise-store"
  | "verify-paths"
  | "build-waiting"
  | "fetch-tree"
  | "other";

/**
 * One event of `--log-format internal-json`. Ids are decimal text: they are 64-bit and unique only before they
 * are rounded to a number; "0" is no activity. All text is free of control characters but tab and line feed, and
 * all numbers are whole, none below 0.
 */
export type LogEvent =
  | {
      readonly type: "start";
      readonly id: string;
      readonly parent?: string;
      readonly level: number;
      readonly text: string;
      readonly activity: Activity;
    }
  | { readonly type: "stop"; readonly id: string }
  | { readonly type: "build-log-line"; readonly id: string; readonly line: string }
  | { readonly type: "post-build-log-line"; readonly id: string; readonly line: string }
  | { readonly type: "phase"; readonly id: string; readonly phase: string }
  | {
      readonly type: "progress";
      readonly id: string;
      readonly done: number;
      readonly expected: number;
      readonly running: number;
      readonly failed: number;
    }
  | {
      readonly type: "expected";
      readonly id: string;
      readonly activityType: Activity["type"];
      readonly expected: number;
    }
  | { readonly type: "untrusted-path" | "corrupted-path"; readonly id: string; readonly storePath: string }
  | { readonly type: "fetch-status"; readonly id: string; readonly text: string }
  | { readonly type: "fetched-to-store"; readonly id: string; readonly storePath: string }
  /** Determinate Nix: both hashes as SRI. */
  | {
      readonly type: "hash-mismatch";
      readonly id: string;
      readonly drvPath: string;
      readonly wanted: string;
      readonly got: string;
    }
  /** Determinate Nix: how a build or a substitution ended. */
  | {
      readonly type: "build-result";
      readonly id: string;
      /** Of the derivation or the store path, without the store directory. */
      readonly baseName: string;
      readonly success: boolean;
      /** BuildResult's, such as `Built`, `Substituted`, `PermanentFailure`, `DependencyFailed`. */
      readonly status: string;
      readonly message: string;
    }
  | { readonly type: "message"; readonly level: number; readonly text: string }
  | { readonly type: "text"; readonly text: string };
