/**
 * What a check found: `problem` keeps the cache from working or from being safe, `warning` deserves a look, `skipped`
 * could not be looked at, and says why.
 */
export type FindingStatus = "ok" | "warning" | "problem" | "skipped";

/** One thing that a check found. */
export interface Finding {
  /** Name of the check, for scripts. */
  readonly check: string;
  readonly status: FindingStatus;
  /** One line. */
  readonly summary: string;
  /** What else is known, of any number of lines. */
  readonly detail?: string;
  /** The command to run or the line to add, one a line; what a person has to do where neither does. */
  readonly remedy?: string;
}

/** What a finding says besides its summary. */
type FindingNotes = Pick<Finding, "detail" | "remedy">;

/** Makes the findings of one check. */
export type Report = Readonly<Record<FindingStatus, (summary: string, notes?: FindingNotes) => Finding>>;

/** Prepares the findings of a check. */
export function reportAs(check: string): Report {
  const make =
    (status: FindingStatus) =>
    (summary: string, notes: FindingNotes = {}): Finding => ({ check, status, summary, ...notes });
  return { ok: make("ok"), warning: make("warning"), problem: make("problem"), skipped: make("skipped") };
}
