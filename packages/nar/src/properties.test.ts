import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { arbitraryEvents, joinContents } from "../test/arbitrary-events.ts";
import { collect, collectBytes, cut } from "../test/bytes.ts";
import { NarError, decodeNar, encodeNar, listNar } from "./index.ts";
import type { NarEvent } from "./index.ts";

/** A NAR of any shape. */
const arbitraryNar = arbitraryEvents.map((events) => ({ events, nar: collectBytes(encodeNar(events)) }));

/** Decodes; an error of the package is a result, any other is thrown. */
async function tryDecode(nar: Uint8Array): Promise<NarEvent[] | string> {
  try {
    return joinContents(await collect(decodeNar([nar])));
  } catch (error) {
    if (error instanceof NarError) return error.code;
    throw error;
  }
}

describe("a NAR", () => {
  it("decodes into the events it was encoded from", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryNar, async ({ events, nar }) => {
        expect(joinContents(await collect(decodeNar([await nar])))).toEqual(joinContents(events));
      }),
    );
  });

  it("is encoded again from its events byte for byte", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryNar, async ({ nar }) => {
        expect(await collectBytes(encodeNar(decodeNar([await nar])))).toEqual(await nar);
      }),
    );
  });

  it("gives the same events in chunks of any size", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryNar, fc.integer({ min: 1, max: 64 }), async ({ events, nar }, size) => {
        expect(joinContents(await collect(decodeNar(cut(await nar, size))))).toEqual(joinContents(events));
      }),
    );
  });

  it("is refused when it is cut short anywhere", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryNar, fc.nat(), async ({ nar }, at) => {
        const bytes = await nar;
        const cutShort = bytes.slice(0, at % bytes.length);

        await expect(collect(decodeNar([cutShort]))).rejects.toMatchObject({ code: "ERR_NAR_TRUNCATED" });
      }),
    );
  });

  it("is refused or gives other events when a byte is changed", async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryNar,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async ({ events, nar }, at, mask) => {
          const changed = (await nar).slice();
          const index = at % changed.length;
          changed[index] = (changed[index] ?? 0) ^ mask;

          expect(await tryDecode(changed)).not.toEqual(joinContents(events));
        },
      ),
    );
  });

  it("is never mistaken for anything but a NAR or an error", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        expect(typeof (await tryDecode(bytes))).toBe("string");
      }),
    );
  });

  it("is listed or refused with an error of the package", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryNar, async ({ nar }) => {
        const listing = await listNar([await nar]).catch((error: unknown) => error);

        expect([listing]).toContainEqual(
          expect.toSatisfy(
            (value: object) => "root" in value || ("code" in value && value.code === "ERR_NAR_NOT_UTF8"),
          ),
        );
      }),
    );
  });
});
