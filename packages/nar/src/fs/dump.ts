import { encodeNar } from "../encode.ts";
import type { NarEvent } from "../event.ts";
import { DiskAccess } from "./disk-access.ts";
import { loadStep, releaseStep } from "./load.ts";
import type { LoadedStep } from "./load.ts";
import { closeFile, readSpan } from "./open-file.ts";
import type { OpenFile } from "./open-file.ts";
import type { WalkStep } from "./walk.ts";
import { walk } from "./walk.ts";
import { workAhead } from "./work-ahead.ts";

/** Steps loaded ahead. About half are files, each held as up to 64 KiB or a descriptor: 1 MiB and 16 descriptors. */
const STEPS_AHEAD = 32;

/** Large files are read in pieces of this size. */
const READ_BYTES = 512 * 1024;

/** Reads of a large file under way beside the piece that the consumer has: 2 MiB, which hides the thread pool's latency. */
const READS_AHEAD = 3;

/**
 * Dumps a file, symbolic link or directory as `nix-store --dump` does, byte for byte. Symbolic links are never
 * followed, `path` itself included; a file is executable when its owner may execute it.
 *
 * Nothing is read before the first chunk is asked for. Files are closed when the consumer stops early.
 * @param path what to dump
 * @returns the NAR's bytes; the chunks are the consumer's and are not used again
 * @throws NarError ERR_NAR_NOT_FOUND, ERR_NAR_FILE_TYPE, ERR_NAR_FILE_CHANGED, ERR_NAR_DEPTH, ERR_NAR_IO
 * @example
 * await pipeline(Readable.from(dumpPath("./result"), { objectMode: false }), createWriteStream("result.nar"));
 * @see https://nix.dev/manual/nix/latest/command-ref/nix-store/dump
 */
export function dumpPath(path: string): AsyncGenerator<Uint8Array, void, void> {
  return encodeNar(readEvents(Buffer.from(withoutTrailingSlashes(path))));
}

/** A trailing slash would have the system follow a symbolic link. */
function withoutTrailingSlashes(path: string): string {
  return path.replace(/(?<=[^/])\/+$/, "");
}

async function* readEvents(root: Buffer): AsyncGenerator<NarEvent, void, void> {
  const disk = new DiskAccess();
  const start = (step: WalkStep): LoadedStep | Promise<LoadedStep> => loadStep(step, disk);
  const steps = workAhead(walk(root, disk), { limit: STEPS_AHEAD, start, release: releaseStep });
  for await (const step of steps) {
    switch (step.type) {
      case "whole":
        yield { type: "regular", executable: step.executable, size: step.contents.length };
        yield { type: "contents", chunk: step.contents };
        break;
      case "large":
        yield* readLarge(step.file);
        break;
      default:
        yield step;
    }
  }
}

async function* readLarge(file: OpenFile): AsyncGenerator<NarEvent, void, void> {
  try {
    yield { type: "regular", executable: file.executable, size: file.size };
    const start = (at: number): Promise<Uint8Array> =>
      readSpan(file, at, Math.min(at + READ_BYTES, file.size));
    for await (const chunk of workAhead(offsetsOf(file.size), { limit: READS_AHEAD, start })) {
      yield { type: "contents", chunk };
    }
  } finally {
    closeFile(file);
  }
}

function* offsetsOf(size: number): Generator<number, void, void> {
  for (let at = 0; at < size; at += READ_BYTES) yield at;
}
