import { readlinkSync } from "node:fs";
import { readlink } from "node:fs/promises";

import type { DirectoryEvent, EndEvent, EntryEvent, SymlinkEvent } from "../event.ts";
import type { DiskAccess } from "./disk-access.ts";
import { closeFile, openFile, openFileSync, readSpan, readSpanSync } from "./open-file.ts";
import type { OpenFile } from "./open-file.ts";
import { fromSystemError } from "./system-error.ts";
import type { WalkStep } from "./walk.ts";

/** Files up to this size are read whole at once; larger ones are left open for the consumer to read. */
const WHOLE_FILE_BYTES = 64 * 1024;

/** A small file, read and closed. */
interface WholeFile {
  readonly type: "whole";
  readonly executable: boolean;
  readonly contents: Uint8Array;
}

/** A large file, which the consumer reads and closes. */
interface LargeFile {
  readonly type: "large";
  readonly file: OpenFile;
}

/** A step of the walk with what it needed from the disk. */
export type LoadedStep = DirectoryEvent | EntryEvent | EndEvent | SymlinkEvent | WholeFile | LargeFile;

/**
 * Reads from disk what a step stands for.
 * @throws NarError ERR_NAR_FILE_CHANGED, ERR_NAR_NOT_FOUND, ERR_NAR_IO
 */
export function loadStep(step: WalkStep, disk: DiskAccess): LoadedStep | Promise<LoadedStep> {
  switch (step.type) {
    case "file":
      return disk.run(
        () => loadFileSync(step.path),
        () => loadFile(step.path),
      );
    case "link":
      return disk.run(
        () => loadLinkSync(step.path),
        () => loadLink(step.path),
      );
    default:
      return step;
  }
}

/** Releases a loaded step that nobody will consume. */
export function releaseStep(step: LoadedStep): void {
  if (step.type === "large") closeFile(step.file);
}

async function loadFile(path: Buffer): Promise<WholeFile | LargeFile> {
  const file = await openFile(path);
  if (file.size > WHOLE_FILE_BYTES) return { type: "large", file };
  try {
    return { type: "whole", executable: file.executable, contents: await readSpan(file, 0, file.size) };
  } finally {
    closeFile(file);
  }
}

function loadFileSync(path: Buffer): WholeFile | LargeFile {
  const file = openFileSync(path);
  if (file.size > WHOLE_FILE_BYTES) return { type: "large", file };
  try {
    return { type: "whole", executable: file.executable, contents: readSpanSync(file, 0, file.size) };
  } finally {
    closeFile(file);
  }
}

async function loadLink(path: Buffer): Promise<SymlinkEvent> {
  try {
    return { type: "symlink", target: await readlink(path, { encoding: "buffer" }) };
  } catch (error) {
    throw fromSystemError(error, "read", path);
  }
}

function loadLinkSync(path: Buffer): SymlinkEvent {
  try {
    return { type: "symlink", target: readlinkSync(path, { encoding: "buffer" }) };
  } catch (error) {
    throw fromSystemError(error, "read", path);
  }
}
