/** Concatenates what a generator of bytes gives. */
export async function collectBytes(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<Uint8Array> {
  return new Uint8Array(Buffer.concat(await collect(chunks)));
}

/** Gathers what a generator gives. */
export async function collect<T>(items: AsyncIterable<T> | Iterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

/** Cuts bytes into chunks of one size, each a copy. */
export function* cut(bytes: Uint8Array, size: number): Generator<Uint8Array, void, void> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

/** Encodes strings and u64 numbers as a NAR does. Written apart from the package, to check it. */
export function wire(...fields: readonly (string | Uint8Array | bigint)[]): Uint8Array {
  return new Uint8Array(Buffer.concat(fields.map(wireField)));
}

function wireField(field: string | Uint8Array | bigint): Uint8Array {
  const bytes = typeof field === "bigint" ? Buffer.alloc(0) : Buffer.from(field);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(typeof field === "bigint" ? field : BigInt(bytes.length));
  return Buffer.concat([length, bytes, Buffer.alloc(-bytes.length & 7)]);
}

/** Encodes text as UTF-8. */
export function utf8(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text));
}
