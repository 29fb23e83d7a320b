import type { NarEvent } from "./event.ts";
import { NarWriter } from "./nar-writer.ts";

/**
 * Encodes events into a NAR. Small fields are gathered into chunks of up to 64 KiB; large contents are handed on as they are.
 * @param events one node and all that is in it; bytes in an event must not change after it was given
 * @returns the NAR's bytes; the chunks are the consumer's and are not used again
 * @throws NarError ERR_NAR_EVENT, ERR_NAR_CONTENTS, ERR_NAR_SIZE, ERR_NAR_NAME, ERR_NAR_ORDER, ERR_NAR_TARGET,
 *   ERR_NAR_TOO_LONG, ERR_NAR_DEPTH
 * @throws TypeError when a name, target or chunk is not a Uint8Array
 * @example
 * const hello = new TextEncoder().encode("hello");
 * const nar = encodeNar([
 *   { type: "regular", executable: false, size: hello.length },
 *   { type: "contents", chunk: hello },
 * ]);
 * @see https://nix.dev/manual/nix/latest/protocols/nix-archive
 */
export async function* encodeNar(
  events: AsyncIterable<NarEvent> | Iterable<NarEvent>,
): AsyncGenerator<Uint8Array, void, void> {
  const writer = new NarWriter();
  for await (const event of events) {
    writer.write(event);
    for (const chunk of writer.take()) yield chunk;
  }
  writer.finish();
  for (const chunk of writer.take()) yield chunk;
}
