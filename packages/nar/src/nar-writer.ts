import { checkBytes, checkDepth, checkName, checkOrder, checkTarget, kindOf } from "./checks.ts";
import { ChunkBuilder } from "./chunk-builder.ts";
import { NarError } from "./error.ts";
import type { NarEvent } from "./event.ts";
import { WIRE, paddingOf } from "./wire.ts";

/** What the grammar allows next. */
type Expected = "a node" | "an entry or end" | "contents" | "nothing";

/** Sorts before every name. */
const NO_NAME = new Uint8Array(0);

/** Turns events into the bytes of a NAR, synchronously, and refuses what no NAR can hold. */
export class NarWriter {
  readonly #chunks = new ChunkBuilder();
  /** The last name written in each open directory. */
  readonly #names: Uint8Array[] = [];
  #expected: Expected = "a node";
  #size = 0;
  #remaining = 0;

  constructor() {
    this.#chunks.append(WIRE.magic);
  }

  /**
   * Writes one event.
   * @throws NarError ERR_NAR_EVENT, ERR_NAR_DEPTH, ERR_NAR_NAME, ERR_NAR_ORDER, ERR_NAR_TARGET, ERR_NAR_TOO_LONG,
   *   ERR_NAR_SIZE, ERR_NAR_CONTENTS
   * @throws TypeError when bytes are not a Uint8Array
   */
  write(event: NarEvent): void {
    if (event.type !== "contents") this.#closeRegular();
    switch (event.type) {
      case "directory":
        return this.#openDirectory();
      case "entry":
        return this.#writeEntry(event.name);
      case "regular":
        return this.#openRegular(event.executable, event.size);
      case "contents":
        return this.#writeContents(event.chunk);
      case "symlink":
        return this.#writeSymlink(event.target);
      case "end":
        return this.#closeDirectory();
      default:
        throw new NarError("ERR_NAR_EVENT", `expected an event, got ${kindOf(event)} of an unknown type`);
    }
  }

  /**
   * Ends the NAR.
   * @throws NarError ERR_NAR_EVENT when the root is incomplete, ERR_NAR_CONTENTS
   */
  finish(): void {
    this.#closeRegular();
    this.#expect("nothing", "the last event");
    this.#chunks.flush();
  }

  /** Takes the chunks that are complete; they are the taker's. */
  take(): readonly Uint8Array[] {
    return this.#chunks.take();
  }

  #openDirectory(): void {
    this.#openNode("directory");
    this.#chunks.append(WIRE.directory);
    this.#names.push(NO_NAME);
    this.#expected = "an entry or end";
  }

  #closeDirectory(): void {
    this.#expect("an entry or end", "end");
    this.#names.pop();
    this.#closeNode();
  }

  #writeEntry(name: Uint8Array): void {
    this.#expect("an entry or end", "entry");
    checkBytes(name, "the name of an entry event");
    checkName(name);
    checkOrder(this.#names.at(-1) ?? NO_NAME, name);
    this.#names[this.#names.length - 1] = name;
    this.#chunks.append(WIRE.entry);
    this.#writeString(name);
    this.#chunks.append(WIRE.node);
    this.#expected = "a node";
  }

  #openRegular(executable: boolean, size: number): void {
    this.#openNode("regular");
    if (!Number.isSafeInteger(size) || size < 0) {
      throw new NarError("ERR_NAR_SIZE", `expected a size from 0 to 2^53 - 1, got ${String(size)}`);
    }
    this.#chunks.append(executable ? WIRE.executable : WIRE.regular);
    this.#chunks.appendU64(size);
    this.#size = size;
    this.#remaining = size;
    this.#expected = "contents";
  }

  #writeContents(chunk: Uint8Array): void {
    this.#expect("contents", "contents");
    checkBytes(chunk, "the chunk of a contents event");
    if (chunk.length > this.#remaining) {
      throw new NarError("ERR_NAR_CONTENTS", `expected ${this.#size} bytes of contents, got more`);
    }
    this.#chunks.append(chunk);
    this.#remaining -= chunk.length;
  }

  #closeRegular(): void {
    if (this.#expected !== "contents") return;
    if (this.#remaining > 0) {
      const found = this.#size - this.#remaining;
      throw new NarError("ERR_NAR_CONTENTS", `expected ${this.#size} bytes of contents, got ${found}`);
    }
    this.#chunks.appendZeros(paddingOf(this.#size));
    this.#closeNode();
  }

  #writeSymlink(target: Uint8Array): void {
    this.#openNode("symlink");
    checkBytes(target, "the target of a symlink event");
    checkTarget(target);
    this.#chunks.append(WIRE.symlink);
    this.#writeString(target);
    this.#closeNode();
  }

  #openNode(found: string): void {
    this.#expect("a node", found);
    checkDepth(this.#names.length);
  }

  #closeNode(): void {
    this.#chunks.append(WIRE.close);
    const isRoot = this.#names.length === 0;
    if (!isRoot) this.#chunks.append(WIRE.close);
    this.#expected = isRoot ? "nothing" : "an entry or end";
  }

  #writeString(bytes: Uint8Array): void {
    this.#chunks.appendU64(bytes.length);
    this.#chunks.append(bytes);
    this.#chunks.appendZeros(paddingOf(bytes.length));
  }

  #expect(expected: Expected, found: string): void {
    if (this.#expected === expected) return;
    throw new NarError("ERR_NAR_EVENT", `expected ${this.#expected}, got ${found}`);
  }
}
