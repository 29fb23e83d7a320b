import type { DropDecision, KeepDecision } from "@nix-cache/retention";

import { formatBytes } from "../text/format-bytes.ts";
import { formatLocalTime } from "../text/format-time.ts";

/** Says in words why a generation stays or goes. */
export function describeDecision(decision: KeepDecision | DropDecision): string {
  return decision.type === "keep" ? describeKeep(decision) : describeDrop(decision);
}

function describeKeep({ reason }: KeepDecision): string {
  switch (reason.type) {
    case "newest-good":
      return "newest good generation of its host";
    case "pinned":
      return "pinned";
    case "in-use":
      return "a machine runs it";
    case "grace":
      return `published a short while ago, protected until ${formatLocalTime(reason.until)}`;
    case "frees-nothing":
      return "frees nothing: others that stay need all of it";
    case "recent":
      return reason.keepGenerations === 0
        ? `number ${reason.rank} of its host, all are kept`
        : `number ${reason.rank} of its host's newest ${reason.keepGenerations}`;
    default:
      return reason satisfies never;
  }
}

function describeDrop({ reason }: DropDecision): string {
  switch (reason.type) {
    case "dismissed":
      return "its link in cacheDir was deleted";
    case "removed-host":
      return `its host left the configuration, last built ${formatLocalTime(reason.lastConfiguredAt)}`;
    case "not-good":
      return "its store paths are gone";
    case "excess":
      return `number ${reason.rank} of its host, ${reason.keepGenerations} are kept`;
    case "cache-size":
      return `${formatBytes(reason.rootedBytes)} are kept, ${formatBytes(reason.maxCacheSizeBytes)} are allowed`;
    case "free-space":
      return `${formatBytes(Math.max(0, reason.freeBytes))} are free, ${formatBytes(reason.minFreeBytes)} are to be`;
    default:
      return reason satisfies never;
  }
}
