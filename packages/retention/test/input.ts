import type { RetentionGeneration, RetentionInput, RetentionPath, RetentionPlan } from "../src/index.ts";

/** A day in ms. */
export const DAY_MS: number = 24 * 60 * 60 * 1000;
/** The time of every plan. */
export const NOW: Date = new Date("2026-11-22T02:00:00Z");

/** A time so many days before {@link NOW}. */
export function daysAgo(days: number): Date {
  return new Date(NOW.getTime() - days * DAY_MS);
}

/** Generations named `host-number`: higher numbers are newer, and the age in days is 40 - number. */
export function generation(name: string, overrides: Partial<RetentionGeneration> = {}): RetentionGeneration {
  const [host = "", number = ""] = name.split("-");
  return {
    host,
    number: Number(number),
    toplevel: `/nix/store/${name}`,
    publishedAt: daysAgo(40 - Number(number)),
    lastPublication: Number(number),
    good: true,
    ...overrides,
  };
}

/** Each toplevel has 100 bytes of its own and refers to a shared path of 1000 bytes. */
export function input(
  generations: readonly RetentionGeneration[],
  overrides: Partial<RetentionInput> = {},
): RetentionInput {
  const shared = "/nix/store/shared";
  return {
    generations,
    closures: new Map<string, RetentionPath>([
      [shared, { narSize: 1000, references: [] }],
      ...generations.map(({ toplevel }) => [toplevel, { narSize: 100, references: [shared] }] as const),
    ]),
    policy: { keepGenerations: 3, maxCacheSizeBytes: 0 },
    configuredHosts: new Set(["mz", "nz"]),
    now: NOW,
    ...overrides,
  };
}

/** One line for each decision: `host-number type reason`. */
export function summarize({ decisions }: Pick<RetentionPlan, "decisions">): string[] {
  return decisions.map(
    ({ type, generation: { host, number }, reason }) => `${host}-${number} ${type} ${reason.type}`,
  );
}
