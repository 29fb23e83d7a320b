/** Most bytes that are gathered into one chunk. */
const CHUNK_BYTES = 64 * 1024;

/** From this size on, bytes become a chunk of their own instead of being copied. */
const OWN_CHUNK_BYTES = CHUNK_BYTES / 2;

/** Gathers small fields into chunks, so that consumers see few of them. No two chunks share memory. */
export class ChunkBuilder {
  #buffer: Uint8Array = new Uint8Array(0);
  #used = 0;
  #ready: Uint8Array[] = [];

  /** Adds bytes. Large ones are handed on as they are, so they must not change afterwards. */
  append(bytes: Uint8Array): void {
    if (bytes.length >= OWN_CHUNK_BYTES) {
      this.flush();
      this.#ready.push(bytes);
      return;
    }
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  /** Adds a u64le of at most Number.MAX_SAFE_INTEGER. */
  appendU64(value: number): void {
    this.#reserve(8);
    for (let rest = value, i = 0; i < 8; i++, rest = Math.floor(rest / 256)) {
      this.#buffer[this.#used++] = rest % 256;
    }
  }

  /** Adds up to 7 zero bytes of padding. */
  appendZeros(count: number): void {
    this.#reserve(count);
    this.#buffer.fill(0, this.#used, this.#used + count);
    this.#used += count;
  }

  /** Makes a chunk of what has been gathered. */
  flush(): void {
    if (this.#used === 0) return;
    if (this.#used < CHUNK_BYTES / 2) {
      // A copy, so that a consumer that keeps a few bytes does not keep the whole buffer.
      this.#ready.push(this.#buffer.slice(0, this.#used));
    } else {
      this.#ready.push(this.#buffer.subarray(0, this.#used));
      this.#buffer = new Uint8Array(0);
    }
    this.#used = 0;
  }

  /** Takes the finished chunks, which are the taker's. */
  take(): readonly Uint8Array[] {
    const ready = this.#ready;
    if (ready.length > 0) this.#ready = [];
    return ready;
  }

  #reserve(count: number): void {
    if (this.#used + count <= this.#buffer.length) return;
    this.flush();
    if (this.#buffer.length === 0) this.#buffer = new Uint8Array(CHUNK_BYTES);
  }
}
