import { requireCount, requireDate } from "./arguments.ts";
import type { RetentionGeneration } from "./generation.ts";
import { RetentionError } from "./retention-error.ts";
import type { RetentionInput, RetentionPolicy } from "./retention-input.ts";

/** Hydra spares roots younger than this: a download or a registration may be under way. */
const DEFAULT_GRACE_MS = 24 * 60 * 60 * 1000;

/** Hydra forgets disabled jobsets after as long. */
const DEFAULT_REMOVED_HOST_MS = 7 * 24 * 60 * 60 * 1000;

/** Named one by one: one that is missing would count as no generation to keep. */
const POLICY_KEYS: readonly (keyof RetentionPolicy)[] = [
  "keepGenerations",
  "maxCacheSizeBytes",
  "minFreeBytes",
  "graceMs",
  "removedHostMs",
];

/**
 * Refuses input that no plan can be made from.
 *
 * @returns the policy with its defaults filled in
 * @throws TypeError or RangeError naming the argument
 * @throws {@link RetentionError} ERR_RETENTION_DUPLICATE_GENERATION
 */
export function validateInput(input: RetentionInput): Required<RetentionPolicy> {
  requireDate(input.now, "now");
  const policy = {
    minFreeBytes: 0,
    graceMs: DEFAULT_GRACE_MS,
    removedHostMs: DEFAULT_REMOVED_HOST_MS,
    ...input.policy,
  };
  for (const key of POLICY_KEYS) requireCount(policy[key], `policy.${key}`);
  if (policy.minFreeBytes > 0 || input.freeBytes !== undefined) requireCount(input.freeBytes, "freeBytes");
  for (const [host, date] of input.lastConfiguredAt ?? []) requireDate(date, `lastConfiguredAt of ${host}`);
  for (const generation of input.generations) validateGeneration(generation);
  refuseDuplicates(input.generations);
  return policy;
}

function validateGeneration(generation: RetentionGeneration): void {
  requireCount(generation.number, `the number of a generation of ${generation.host}`, 1);
  const name = `generation ${generation.number} of ${generation.host}`;
  requireCount(generation.lastPublication, `lastPublication of ${name}`);
  requireDate(generation.publishedAt, `publishedAt of ${name}`);
  if (typeof generation.good === "boolean") return;
  throw new TypeError(`expected good of ${name} to be a boolean, got ${typeof generation.good}`);
}

function refuseDuplicates(generations: readonly RetentionGeneration[]): void {
  const seen = new Map<string, Set<number>>();
  for (const { host, number } of generations) {
    const numbers = seen.get(host) ?? new Set();
    if (numbers.has(number)) {
      const message = `generation ${number} of ${host} is given twice`;
      throw new RetentionError("ERR_RETENTION_DUPLICATE_GENERATION", message, { host, number });
    }
    seen.set(host, numbers.add(number));
  }
}
