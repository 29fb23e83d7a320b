import type { Totals } from "./report.ts";

/** Where the tests ran. */
export interface TotalsOptions {
  /** True under CI=true, where a skipped test is a failure. */
  readonly ci: boolean;
}

/** Lists what failed and what was skipped, then the totals in one last line. */
export function formatTotals(totals: Totals, { ci }: TotalsOptions): string {
  const { passed, failed, skipped } = totals;
  const counts = ci
    ? `${passed} passed, ${failed.length + skipped.length} failed`
    : `${passed} passed, ${failed.length} failed${skipped.length === 0 ? "" : `, ${skipped.length} skipped`}`;
  return [
    ...failed.map((name) => `failed: ${name}`),
    ...skipped.map((name) => `skipped: ${name}`),
    counts,
  ].join("\n");
}

/** Whether the run as a whole failed. */
export function hasFailed({ passed, failed, skipped }: Totals, { ci }: TotalsOptions): boolean {
  return passed === 0 || failed.length > 0 || (ci && skipped.length > 0);
}
