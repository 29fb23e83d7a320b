import { constants } from "node:fs";
import { mkdir, open, rm, symlink } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";

import { NarError } from "../error.ts";
import type { NarEvent } from "../event.ts";
import { fromSystemError } from "./system-error.ts";
import { holdDirectory, placeOfEntry } from "./target-directory.ts";
import type { Place, TargetDirectory } from "./target-directory.ts";

/** EXCL refuses whatever is there already, a dangling symbolic link included. */
const CREATE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

/** Makes a tree of the events of a valid NAR. */
export class TreeWriter {
  readonly #root: Place;
  readonly #directories: TargetDirectory[] = [];
  /** Where the node of the last entry goes, before the first one the root. */
  #next: Place;
  #file: FileHandle | undefined;
  #hasRoot = false;

  constructor(root: string) {
    this.#root = { at: Buffer.from(root), path: Buffer.from(root) };
    this.#next = this.#root;
  }

  /**
   * Makes what one event says.
   * @throws NarError ERR_NAR_EXISTS, ERR_NAR_NOT_FOUND, ERR_NAR_IO
   */
  async write(event: NarEvent): Promise<void> {
    try {
      await this.#make(event);
    } catch (error) {
      throw fromSystemError(error, "write", this.#next.path);
    }
  }

  /** Closes what is open. */
  async close(): Promise<void> {
    await this.#closeFile();
    for (const { handle } of this.#directories.splice(0)) await handle.close();
  }

  /**
   * Removes what was made.
   * @param reason the failure that ends the restoring
   * @throws NarError ERR_NAR_CLEANUP
   */
  async discard(reason: unknown): Promise<void> {
    const path = this.#root.path.toString();
    try {
      await this.close();
      if (this.#hasRoot) await rm(path, { recursive: true, force: true });
    } catch (error) {
      const cause = new AggregateError([reason, error]);
      throw new NarError("ERR_NAR_CLEANUP", `could not remove the incomplete ${path}`, { path, cause });
    }
  }

  async #make(event: NarEvent): Promise<void> {
    if (event.type !== "contents") await this.#closeFile();
    switch (event.type) {
      case "directory":
        await mkdir(this.#next.at);
        this.#hasRoot = true;
        this.#directories.push(await holdDirectory(this.#next));
        break;
      case "entry":
        this.#enter(event.name);
        break;
      case "regular":
        this.#file = await open(this.#next.at, CREATE_FLAGS, event.executable ? 0o777 : 0o666);
        this.#hasRoot = true;
        break;
      case "contents":
        await this.#file?.writeFile(event.chunk);
        break;
      case "symlink":
        await symlink(Buffer.from(event.target), this.#next.at);
        this.#hasRoot = true;
        break;
      case "end":
        await this.#directories.pop()?.handle.close();
        break;
    }
  }

  #enter(name: Uint8Array): void {
    const directory = this.#directories.at(-1);
    if (directory !== undefined) this.#next = placeOfEntry(directory, name);
  }

  async #closeFile(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }
}
