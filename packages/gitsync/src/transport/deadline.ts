import { GitSyncError } from "../errors.ts";

/** Longest time that setTimeout can wait. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** How long one conversation with a remote may take, unless the caller says otherwise. */
const DEFAULT_TIMEOUT_MS = 600_000;

/** Limits that every conversation with a remote obeys. */
export interface DeadlineOptions {
  /** Longest time that one conversation with the remote may take, in ms; 10 minutes unless given. */
  readonly timeoutMs?: number;
  /** Ends the work early; what is thrown is the signal's reason. */
  readonly signal?: AbortSignal;
}

/** One conversation's limit. */
export interface Deadline {
  /** Aborted when the time is up or the caller gave up. */
  readonly signal: AbortSignal;
  /** Throws the caller's reason, or ERR_GITSYNC_TIMEOUT, when the signal is aborted. */
  throwIfExpired(): void;
}

/**
 * Starts the clock of one conversation with a remote.
 *
 * @param options time limit and the caller's signal
 * @param remote what the message calls the remote
 * @throws RangeError when timeoutMs is not a whole number of ms that a timer can wait
 */
export function startDeadline(options: DeadlineOptions, remote: string): Deadline {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs <= 0 || timeoutMs > MAX_TIMEOUT_MS) {
    throw new RangeError(`expected timeoutMs between 1 and ${MAX_TIMEOUT_MS}, got ${timeoutMs}`);
  }
  const timer = AbortSignal.timeout(timeoutMs);
  return {
    signal: options.signal === undefined ? timer : AbortSignal.any([timer, options.signal]),
    throwIfExpired() {
      options.signal?.throwIfAborted();
      if (timer.aborted) {
        throw new GitSyncError(
          "ERR_GITSYNC_TIMEOUT",
          `expected ${remote} to be done within ${timeoutMs} ms, and it was not: check the network, or allow more time`,
        );
      }
    },
  };
}
