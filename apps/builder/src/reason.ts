/** Longest reason that goes into the history and the log, in characters. */
const MAX_REASON = 2000;

/** Says in one text why something failed; a stack is never part of it. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.length <= MAX_REASON ? message : `${message.slice(0, MAX_REASON)}…`;
}
