/** A call that takes longer than this has waited for a disk: one that the page cache answers takes a few microseconds. */
const SLOW_MS = 0.2;

/** Calls left to the thread pool after a slow one, before this thread is tried again. */
const CALLS_AFTER_SLOW = 64;

/** Every so many calls one goes to the thread pool in any case, so that the event loop gets its turn. */
const CALLS_PER_TURN = 32;

/**
 * Decides where calls to the file system run. On this thread they take half the time that handing them to the thread
 * pool takes, as long as the page cache answers; when a disk has to, they would block everything else, and the pool
 * can wait for many at once. The clock decides where a call runs, never what comes out.
 */
export class DiskAccess {
  #poolCalls = 0;
  #calls = 0;

  /** Runs one call, given in both forms. */
  run<T>(here: () => T, inPool: () => Promise<T>): T | Promise<T> {
    if (this.#poolCalls > 0) {
      this.#poolCalls--;
      return inPool();
    }
    const startedMs = performance.now();
    const result = here();
    if (performance.now() - startedMs > SLOW_MS) this.#poolCalls = CALLS_AFTER_SLOW;
    else if (++this.#calls % CALLS_PER_TURN === 0) this.#poolCalls = 1;
    return result;
  }
}
