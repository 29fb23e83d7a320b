import * as fc from "fast-check";

import type { NarEvent } from "../src/index.ts";

type Node = readonly NarEvent[];

const NUL = 0x00;
const DOT = 0x2e;
const SLASH = 0x2f;

const name = fc
  .uint8Array({ minLength: 1, maxLength: 12 })
  .filter((bytes) => !bytes.includes(NUL) && !bytes.includes(SLASH))
  .filter((bytes) => bytes.length > 2 || bytes.some((byte) => byte !== DOT));

const regular: fc.Arbitrary<Node> = fc
  .record({
    executable: fc.boolean(),
    chunks: fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 3 }),
  })
  .map(({ executable, chunks }) => [
    { type: "regular", executable, size: chunks.reduce((sum, chunk) => sum + chunk.length, 0) },
    ...chunks.map((chunk): NarEvent => ({ type: "contents", chunk })),
  ]);

const symlink: fc.Arbitrary<Node> = fc
  .uint8Array({ minLength: 1, maxLength: 40 })
  .filter((target) => !target.includes(NUL))
  .map((target) => [{ type: "symlink", target }]);

/** Any valid sequence of events, names and targets that are not UTF-8 included. */
export const arbitraryEvents: fc.Arbitrary<Node> = fc.letrec<{ node: Node; directory: Node }>((tie) => ({
  node: fc.oneof({ depthSize: "small", withCrossShrink: true }, regular, symlink, tie("directory")),
  directory: fc
    .uniqueArray(fc.record({ name, node: tie("node") }), {
      maxLength: 4,
      selector: (entry) => Buffer.from(entry.name).toString("hex"),
    })
    .map((entries) => directoryOf(entries)),
})).node;

function directoryOf(entries: readonly { name: Uint8Array; node: Node }[]): Node {
  const sorted = entries.toSorted((a, b) => Buffer.compare(a.name, b.name));
  return [
    { type: "directory" },
    ...sorted.flatMap((entry): Node => [{ type: "entry", name: entry.name }, ...entry.node]),
    { type: "end" },
  ];
}

/** Joins neighbouring contents, which a reader may cut anywhere. */
export function joinContents(events: readonly NarEvent[]): NarEvent[] {
  const joined: NarEvent[] = [];
  for (const event of events) {
    const last = joined.at(-1);
    if (event.type === "contents" && last?.type === "contents") {
      const chunk = new Uint8Array([...last.chunk, ...event.chunk]);
      joined[joined.length - 1] = { type: "contents", chunk };
    } else {
      joined.push(event);
    }
  }
  return joined;
}
