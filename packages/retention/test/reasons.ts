import type { DropDecision, KeepDecision, RetentionGeneration, RetentionInput } from "../src/index.ts";

/** Tells whether what a decision's reason says of its generation is so, from the input alone. */
export function isBorneOut(decision: KeepDecision | DropDecision, input: RetentionInput): boolean {
  const { generation, reason } = decision;
  const { maxCacheSizeBytes, minFreeBytes = 0, removedHostMs = 0, graceMs = 0 } = input.policy;
  const isConfigured = input.configuredHosts.has(generation.host);
  switch (reason.type) {
    case "newest-good":
      return generation.good && listNewerGood(generation, input).length === 0;
    case "pinned":
      return generation.pinned === true;
    case "in-use":
      return input.inUse?.has(generation.toplevel) === true;
    case "grace":
      return (
        reason.until > input.now && reason.until.getTime() === generation.publishedAt.getTime() + graceMs
      );
    case "frees-nothing":
      return maxCacheSizeBytes > 0 || minFreeBytes > 0;
    case "recent":
      return reason.keepGenerations === 0 || reason.rank <= reason.keepGenerations;
    case "dismissed":
      return generation.dismissed === true;
    case "removed-host":
      return !isConfigured && input.now.getTime() - reason.lastConfiguredAt.getTime() >= removedHostMs;
    case "not-good":
      return !generation.good;
    case "excess":
      return generation.good && listNewerGood(generation, input).length >= reason.keepGenerations;
    case "cache-size":
      return reason.rootedBytes > maxCacheSizeBytes;
    default:
      return reason.freeBytes < minFreeBytes;
  }
}

function listNewerGood(
  generation: RetentionGeneration,
  input: RetentionInput,
): readonly RetentionGeneration[] {
  const ofHost = input.generations.filter(({ host, good }) => good && host === generation.host);
  return ofHost.filter(
    ({ lastPublication, number }) =>
      lastPublication > generation.lastPublication ||
      (lastPublication === generation.lastPublication && number > generation.number),
  );
}
