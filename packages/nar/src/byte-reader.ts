/** Asks whoever drives a reading generator for the next chunk. */
export interface Starved {
  readonly type: "starved";
}

const STARVED: Starved = { type: "starved" };
const EMPTY = new Uint8Array(0);

/**
 * Cuts pushed chunks into fields. Its methods are generators that yield {@link Starved} when the next chunk
 * is needed, so that the format's code is synchronous and knows no streams.
 */
export class ByteReader {
  #chunk: Uint8Array = EMPTY;
  #next = 0;
  #chunkPosition = 0;

  /** Bytes read so far. */
  get position(): number {
    return this.#chunkPosition + this.#next;
  }

  /** Bytes pushed and not read. */
  get rest(): number {
    return this.#chunk.length - this.#next;
  }

  /** Gives the reader its next chunk. Only for a reader that has said it is starved, or a fresh one. */
  push(chunk: Uint8Array): void {
    this.#chunkPosition = this.position;
    this.#chunk = chunk;
    this.#next = 0;
  }

  /** Reads from 1 to `limit` bytes: as many as are there. They are a view of the pushed chunk. */
  *upTo(limit: number): Generator<Starved, Uint8Array> {
    while (this.rest === 0) yield STARVED;
    return this.#take(Math.min(limit, this.rest));
  }

  /** Reads `length` bytes, which the caller has bounded. They may be a view of the pushed chunk. */
  *exactly(length: number): Generator<Starved, Uint8Array> {
    if (length <= this.rest) return this.#take(length);
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const part = yield* this.upTo(length - filled);
      bytes.set(part, filled);
      filled += part.length;
    }
    return bytes;
  }

  #take(length: number): Uint8Array {
    const start = this.#next;
    this.#next += length;
    return this.#chunk.subarray(start, this.#next);
  }
}
