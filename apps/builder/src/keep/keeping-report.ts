import type { Collection } from "@nix-cache/history";
import type { DropReason, KeepReason } from "@nix-cache/retention";

import { describeDecision } from "./describe-decision.ts";
import type { KeepingLimits, KeepingPlan } from "./plan-keeping.ts";

/** What is said of a generation. */
export interface GenerationReport {
  readonly host: string;
  readonly generation: number;
  readonly toplevel: string;
  /** When it was last published or confirmed. */
  readonly publishedAt: Date;
  readonly decision: "keep" | "drop";
  /** For programs; what it was decided by is in `why`. */
  readonly reason: KeepReason["type"] | DropReason["type"] | "missing";
  /** For people. */
  readonly why: string;
  /** NAR bytes that dropping it frees. */
  readonly frees?: number;
}

/** What `prune` did, or would do. */
export interface KeepingReport {
  readonly dryRun: boolean;
  readonly limits: KeepingLimits;
  readonly generations: readonly GenerationReport[];
  /** NAR bytes of unique store paths, before and after. */
  readonly rootedBytesBefore: number;
  readonly rootedBytesAfter: number;
  readonly rootedPaths: number;
  /** Bytes free on the store's disk, what was dropped earlier included. */
  readonly freeBytes: number;
  readonly overCap: boolean;
  readonly underMinFree: boolean;
  /** What was deleted of what was dropped earlier; absent where nothing was. */
  readonly collection?: Collection;
  /** What could not be put right, or would be put right first. */
  readonly notes: readonly string[];
}

/** What a report is made of besides the plan. */
type ReportFacts = Pick<KeepingReport, "collection" | "dryRun" | "limits" | "notes">;

/** Makes of a plan what people and programs are told. */
export function reportKeeping(plan: KeepingPlan, facts: ReportFacts): KeepingReport {
  const planned = plan.decisions.map((decision): GenerationReport => {
    const { generation, reason, type } = decision;
    const { host, number, publishedAt, toplevel } = generation;
    const frees = type === "drop" ? { frees: decision.freeableBytes } : {};
    const why = describeDecision(decision);
    return {
      host,
      generation: number,
      toplevel,
      publishedAt,
      decision: type,
      reason: reason.type,
      why,
      ...frees,
    };
  });
  const missing = plan.missing.map(({ host, number, toplevel, lastVerifiedAt }): GenerationReport => ({
    host,
    generation: number,
    toplevel,
    publishedAt: lastVerifiedAt,
    decision: "keep",
    reason: "missing",
    why: "its store paths are gone: not served, and dropped unless they come back",
  }));
  return {
    ...facts,
    generations: [...planned, ...missing],
    rootedBytesBefore: plan.rootedBytesBefore,
    rootedBytesAfter: plan.rootedBytesAfter,
    rootedPaths: plan.rootedPaths,
    freeBytes: plan.freeBytes,
    overCap: plan.overCap,
    underMinFree: plan.underMinFree,
  };
}
