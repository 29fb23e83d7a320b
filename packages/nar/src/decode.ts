import { ByteReader } from "./byte-reader.ts";
import { checkBytes } from "./checks.ts";
import { NarError } from "./error.ts";
import type { NarEvent } from "./event.ts";
import { decodeNodes } from "./nodes.ts";

/** Bytes in order, in chunks of any size, that the producer does not use again. */
export type ByteChunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * Decodes a NAR into events, with every check of Nix 2.34. It reads one chunk ahead at most, and stops after
 * the root: bytes after it are left unread and are no error.
 *
 * Chunks of contents are views of the given chunks. They are the consumer's and are not used again.
 * @param chunks the NAR; closed with its return() when the root has ended or the consumer stops early
 * @returns the events, in the order of the bytes
 * @throws NarError any code of a malformed NAR (README), with its offset
 * @throws TypeError when a chunk is not a Uint8Array
 * @example
 * for await (const event of decodeNar(createReadStream("hello.nar"))) {
 *   if (event.type === "regular") console.log(event.size);
 * }
 * @see https://nix.dev/manual/nix/latest/protocols/nix-archive
 */
export function decodeNar(chunks: ByteChunks): AsyncGenerator<NarEvent, void, void> {
  return decodeWith(new ByteReader(), chunks, "leave");
}

/**
 * Decodes like {@link decodeNar} through a reader of the caller's, whose position is then known at each event.
 * @param trailing whether bytes after the root are left unread, or refused with ERR_NAR_TRAILING
 */
export async function* decodeWith(
  reader: ByteReader,
  chunks: ByteChunks,
  trailing: "leave" | "refuse",
): AsyncGenerator<NarEvent, void, void> {
  const steps = decodeNodes(reader);
  let isComplete = false;
  for await (const chunk of chunks) {
    checkBytes(chunk, "a chunk of the NAR");
    reader.push(chunk);
    while (!isComplete) {
      const step = steps.next();
      if (step.done === true) isComplete = true;
      else if (step.value.type === "starved") break;
      else yield step.value;
    }
    if (isComplete && trailing === "leave") return;
    if (isComplete && reader.rest > 0) throw trailingBytes(reader.position);
  }
  if (!isComplete) throw truncated(reader.position);
}

function trailingBytes(offset: number): NarError {
  return new NarError("ERR_NAR_TRAILING", `expected the end of the input at ${offset}, got more bytes`, {
    offset,
  });
}

function truncated(offset: number): NarError {
  return new NarError("ERR_NAR_TRUNCATED", `expected more bytes at ${offset}, got the end of the input`, {
    offset,
  });
}
