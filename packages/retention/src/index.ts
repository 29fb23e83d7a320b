export type { RetentionGeneration } from "./generation.ts";
export type { DropDecision, DropReason, KeepDecision, KeepReason, RetentionPlan } from "./plan.ts";
export { planRetention } from "./plan-retention.ts";
export type { RetentionInput, RetentionPath, RetentionPolicy } from "./retention-input.ts";
export { RetentionError } from "./retention-error.ts";
export type { RetentionErrorCode } from "./retention-error.ts";
