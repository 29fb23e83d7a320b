import type { RetentionGeneration } from "./generation.ts";
import { RetentionError } from "./retention-error.ts";
import type { RetentionInput, RetentionPolicy } from "./retention-input.ts";

/** Hydra spares roots younger than this: a download or a registration may be under way. */
const DEFAULT_GRACE_MS = 24 * 60 * 60 * 1000;

/** Hydra forgets disabled jobsets after as long. */
const DEFAULT_REMOVED_HOST_MS = 7 * 24 * 60 * 60 * 1000;

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
  for (const [key, value] of Object.entries(policy)) requireCount(value, `policy.${key}`);
  if (policy.minFreeBytes > 0 || input.freeBytes !== undefined) requireCount(input.freeBytes, "freeBytes");
  for (const [host, date] of input.lastConfiguredAt ?? []) requireDate(date, `lastConfiguredAt of ${host}`);
  validateGenerations(input.generations);
  return policy;
}

/** Refuses anything but a whole number from 0 to Number.MAX_SAFE_INTEGER. */
export function requireCount(value: unknown, name: string): void {
  if (typeof value !== "number") throw new TypeError(`expected ${name} to be a number, got ${typeof value}`);
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`expected ${name} to be a whole number that is not negative, got ${value}`);
  }
}

function requireDate(value: unknown, name: string): void {
  if (!(value instanceof Date)) throw new TypeError(`expected ${name} to be a Date, got ${typeof value}`);
  if (Number.isNaN(value.getTime()))
    throw new RangeError(`expected ${name} to be a valid Date, got Invalid Date`);
}

function validateGenerations(generations: readonly RetentionGeneration[]): void {
  const seen = new Map<string, Set<number>>();
  for (const { host, number, publishedAt, lastPublication } of generations) {
    const name = `generation ${number} of ${host}`;
    requireCount(number, "a generation's number");
    if (number === 0)
      throw new RangeError(`expected a generation's number to be positive, got 0 for ${host}`);
    requireCount(lastPublication, `lastPublication of ${name}`);
    requireDate(publishedAt, `publishedAt of ${name}`);
    const numbers = seen.get(host) ?? new Set();
    if (numbers.has(number)) {
      throw new RetentionError("ERR_RETENTION_DUPLICATE_GENERATION", `${name} is given twice`, {
        host,
        number,
      });
    }
    seen.set(host, numbers.add(number));
  }
}
