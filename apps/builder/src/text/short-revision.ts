/** Enough to tell commits apart, as forges show them. */
const SHOWN_DIGITS = 12;

/** Shortens a commit for people; `-` where there is none. */
export function shortRevision(revision: string | undefined): string {
  return revision?.slice(0, SHOWN_DIGITS) ?? "-";
}
