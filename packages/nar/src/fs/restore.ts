import { ByteReader } from "../byte-reader.ts";
import { decodeWith } from "../decode.ts";
import type { ByteChunks } from "../decode.ts";
import { TreeWriter } from "./tree-writer.ts";

/** Options of {@link restorePath}. */
export interface RestoreOptions {
  /** Ends the restoring before its next event: what was made is removed, and the promise rejected with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Restores a NAR as `nix-store --restore` does: modes are 0777 for directories and executables and 0666 for other
 * files, less the umask. Symbolic links are made and never followed. On any failure what was made is removed.
 * @param chunks the whole NAR and nothing after it
 * @param destination where its root goes; must not exist, its parent directory must
 * @throws NarError any code of a malformed NAR (README), ERR_NAR_TRAILING, ERR_NAR_EXISTS, ERR_NAR_NOT_FOUND, ERR_NAR_IO,
 *   ERR_NAR_CLEANUP
 * @throws TypeError when a chunk is not a Uint8Array
 * @throws whatever `chunks` throws, and the reason of `signal`
 * @example
 * await restorePath(createReadStream("hello.nar"), "./hello");
 * @see https://nix.dev/manual/nix/latest/command-ref/nix-store/restore
 */
export async function restorePath(
  chunks: ByteChunks,
  destination: string,
  { signal }: RestoreOptions = {},
): Promise<void> {
  const tree = new TreeWriter(destination);
  try {
    for await (const event of decodeWith(new ByteReader(), chunks, "refuse")) {
      signal?.throwIfAborted();
      await tree.write(event);
    }
    await tree.close();
  } catch (error) {
    await tree.discard(error);
    throw error;
  }
}
