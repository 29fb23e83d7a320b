import type { ByteReader, Starved } from "./byte-reader.ts";
import { checkDepth, checkName, checkOrder, checkTarget } from "./checks.ts";
import { NarError } from "./error.ts";
import type { NarEvent } from "./event.ts";
import { expectTag, readPadding, readString, readTag, readU64, wrongTag } from "./fields.ts";
import type { Reading } from "./fields.ts";
import { MAX_NAME_BYTES, MAX_TARGET_BYTES, WIRE } from "./wire.ts";

/** Decoding: yields the next event, or that it needs input. */
type Decoding = Generator<NarEvent | Starved, void>;

/** Sorts before every name. */
const NO_NAME = new Uint8Array(0);

/**
 * Decodes one NAR, up to its last byte and no further, with the checks of Nix 2.34.
 *
 * Grammar: Nix manual, "Nix Archive (NAR) format"; checks: NixOS/nix src/libutil/archive.cc.
 * @throws NarError
 */
export function* decodeNodes(reader: ByteReader): Decoding {
  yield* readMagic(reader);
  // The last name read in each open directory: a loop over a stack, because each level of yield* costs.
  const names: Uint8Array[] = [];
  do {
    checkDepth(names.length, { offset: reader.position });
    const isDirectory = yield* decodeNode(reader);
    if (isDirectory) names.push(NO_NAME);
    else if (names.length > 0) yield* expectTag(reader, ")");
    yield* decodeUntilNode(reader, names);
  } while (names.length > 0);
}

function* readMagic(reader: ByteReader): Reading<void> {
  const found = yield* reader.exactly(WIRE.magic.length);
  if (found.some((byte, index) => byte !== WIRE.magic[index])) {
    throw new NarError("ERR_NAR_MAGIC", "expected a NAR to begin with the string nix-archive-1", {
      offset: 0,
    });
  }
}

/** Decodes a leaf to its end, or a directory to its first entry; says whether it was a directory. */
function* decodeNode(reader: ByteReader): Generator<NarEvent | Starved, boolean> {
  yield* expectTag(reader, "(");
  yield* expectTag(reader, "type");
  const offset = reader.position;
  const type = yield* readTag(reader);
  switch (type) {
    case "regular":
      yield* decodeRegular(reader);
      return false;
    case "symlink":
      yield* decodeSymlink(reader);
      return false;
    case "directory":
      yield { type };
      return true;
    default:
      throw new NarError("ERR_NAR_TYPE", `unknown file type ${JSON.stringify(type)} at ${offset}`, {
        offset,
      });
  }
}

function* decodeRegular(reader: ByteReader): Decoding {
  const executable = yield* readExecutable(reader);
  const offset = reader.position;
  const size = yield* readU64(reader);
  if (size > Number.MAX_SAFE_INTEGER) {
    throw new NarError("ERR_NAR_SIZE", `expected a size of at most 2^53 - 1 at ${offset}, got ${size}`, {
      offset,
    });
  }
  yield { type: "regular", executable, size };
  let remaining = size;
  while (remaining > 0) {
    const chunk = yield* reader.upTo(remaining);
    remaining -= chunk.length;
    yield { type: "contents", chunk };
  }
  yield* readPadding(reader, size);
  yield* expectTag(reader, ")");
}

function* readExecutable(reader: ByteReader): Reading<boolean> {
  const offset = reader.position;
  const tag = yield* readTag(reader);
  if (tag === "contents") return false;
  if (tag !== "executable") throw wrongTag('"executable" or "contents"', tag, offset);
  yield* readString(reader, "executable marker", 0);
  yield* expectTag(reader, "contents");
  return true;
}

function* decodeSymlink(reader: ByteReader): Decoding {
  yield* expectTag(reader, "target");
  const offset = reader.position;
  const target = yield* readString(reader, "symlink target", MAX_TARGET_BYTES);
  checkTarget(target, { offset });
  yield { type: "symlink", target: new Uint8Array(target) };
  yield* expectTag(reader, ")");
}

/** Decodes up to where the next node begins, closing directories on the way; to the end when there is none. */
function* decodeUntilNode(reader: ByteReader, names: Uint8Array[]): Decoding {
  for (let previous = names.at(-1); previous !== undefined; previous = names.at(-1)) {
    const offset = reader.position;
    const tag = yield* readTag(reader);
    if (tag === "entry") {
      const name = yield* readName(reader, previous);
      names[names.length - 1] = name;
      yield { type: "entry", name };
      return;
    }
    if (tag !== ")") throw wrongTag('"entry" or ")"', tag, offset);
    names.pop();
    yield { type: "end" };
    if (names.length > 0) yield* expectTag(reader, ")");
  }
}

function* readName(reader: ByteReader, previous: Uint8Array): Reading<Uint8Array> {
  yield* expectTag(reader, "(");
  yield* expectTag(reader, "name");
  const offset = reader.position;
  const name = new Uint8Array(yield* readString(reader, "name", MAX_NAME_BYTES));
  checkName(name, { offset });
  checkOrder(previous, name, { offset });
  yield* expectTag(reader, "node");
  return name;
}
