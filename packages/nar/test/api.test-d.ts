import { describe, expectTypeOf, it } from "vitest";

import { dumpPath, restorePath } from "../src/fs/index.ts";
import { NarError, decodeNar, encodeNar, listNar } from "../src/index.ts";
import type { ByteChunks, NarErrorCode, NarEvent, NarListing } from "../src/index.ts";

describe("the package's types", () => {
  it("let events flow from decodeNar to encodeNar", () => {
    expectTypeOf(decodeNar).returns.toEqualTypeOf<AsyncGenerator<NarEvent, void, void>>();
    expectTypeOf(encodeNar).parameter(0).toEqualTypeOf<AsyncIterable<NarEvent> | Iterable<NarEvent>>();
    expectTypeOf(encodeNar).returns.toEqualTypeOf<AsyncGenerator<Uint8Array, void, void>>();
  });

  it("let bytes flow from dumpPath to every reader", () => {
    expectTypeOf(dumpPath).returns.toExtend<ByteChunks>();
    expectTypeOf(listNar).toEqualTypeOf<(chunks: ByteChunks) => Promise<NarListing>>();
    expectTypeOf(restorePath).parameter(1).toEqualTypeOf<string>();
  });

  it("discriminate events by type", () => {
    expectTypeOf<Extract<NarEvent, { type: "entry" }>["name"]>().toEqualTypeOf<Uint8Array>();
    expectTypeOf<Extract<NarEvent, { type: "regular" }>["size"]>().toEqualTypeOf<number>();
  });

  it("close the union of error codes", () => {
    expectTypeOf<NarError["code"]>().toEqualTypeOf<NarErrorCode>();
    expectTypeOf<string>().not.toExtend<NarErrorCode>();
  });
});
