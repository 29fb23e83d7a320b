import type { RetentionGeneration } from "./generation.ts";
import type { DropReason, KeepReason } from "./plan.ts";
import type { RetentionInput, RetentionPolicy } from "./retention-input.ts";

/** What the rules about counts and hosts say of a generation; the limits on size come after. */
type Verdict =
  | { readonly type: "keep"; readonly reason: KeepReason }
  | { readonly type: "drop"; readonly reason: DropReason };

/** The verdict on each generation. */
export type Verdicts = ReadonlyMap<RetentionGeneration, Verdict>;

const NEWEST_GOOD: KeepReason = { type: "newest-good" };

/**
 * Applies every rule but those on size.
 *
 * @param generations - from the oldest to the newest
 * @param policy - with every default filled in
 */
export function judgeHosts(
  generations: readonly RetentionGeneration[],
  input: RetentionInput,
  policy: Required<RetentionPolicy>,
): Verdicts {
  const hosts = Map.groupBy(generations, ({ host }) => host);
  return new Map([...hosts.values()].flatMap((ofHost) => [...judgeHost(ofHost, input, policy)]));
}

function judgeHost(
  generations: readonly RetentionGeneration[],
  input: RetentionInput,
  policy: Required<RetentionPolicy>,
): Verdicts {
  const { keepGenerations } = policy;
  const removedAt = findRemoval(generations, input);
  const isForgotten = removedAt !== undefined && ageOf(removedAt, input) >= policy.removedHostMs;
  let rank = 0;
  const judge = (generation: RetentionGeneration): Verdict => {
    const isNewestGood = generation.good && rank === 0 && !isForgotten;
    const protection = isNewestGood ? NEWEST_GOOD : findProtection(generation, input, policy);
    const isDismissed = generation.dismissed === true && protection === undefined;
    // Before it is ranked: an older generation takes the place of one that was sent away.
    if (isDismissed) return { type: "drop", reason: { type: "dismissed" } };
    if (generation.good) rank += 1;
    if (protection !== undefined) return { type: "keep", reason: protection };
    if (isForgotten) return { type: "drop", reason: { type: "removed-host", lastConfiguredAt: removedAt } };
    if (!generation.good) return { type: "drop", reason: { type: "not-good" } };
    return keepGenerations === 0 || rank <= keepGenerations
      ? { type: "keep", reason: { type: "recent", rank, keepGenerations } }
      : { type: "drop", reason: { type: "excess", rank, keepGenerations } };
  };
  return new Map(generations.toReversed().map((generation) => [generation, judge(generation)]));
}

/** Finds what protects a generation whatever its place among its host's: a removed host's too. */
function findProtection(
  { pinned, dismissed, toplevel, publishedAt }: RetentionGeneration,
  input: RetentionInput,
  policy: Required<RetentionPolicy>,
): KeepReason | undefined {
  if (pinned === true) return { type: "pinned" };
  if (input.inUse?.has(toplevel) === true) return { type: "in-use" };
  if (dismissed !== true && ageOf(publishedAt, input) < policy.graceMs) {
    return { type: "grace", until: new Date(publishedAt.getTime() + policy.graceMs) };
  }
  return undefined;
}

/** Tells since when the host is out of the configuration; undefined where it is in it. */
function findRemoval(generations: readonly RetentionGeneration[], input: RetentionInput): Date | undefined {
  const host = generations[0]?.host;
  if (host === undefined || input.configuredHosts.has(host)) return undefined;
  return input.lastConfiguredAt?.get(host) ?? generations.findLast(({ good }) => good)?.publishedAt;
}

function ageOf(date: Date, { now }: RetentionInput): number {
  return now.getTime() - date.getTime();
}
