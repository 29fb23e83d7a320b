import { createHash } from "node:crypto";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { GitSyncError } from "../errors.ts";
import { readFetchResponse } from "./fetch-response.ts";
import { decodePktLines, encodePktLine } from "./pkt-line.ts";

const OID = "a".repeat(40);

function data(text: string | Uint8Array): Uint8Array {
  return encodePktLine({ type: "data", payload: Buffer.from(text) });
}

function band(number: number, bytes: Uint8Array | string): Uint8Array {
  return data(Buffer.concat([Buffer.from([number]), Buffer.from(bytes)]));
}

/** A pack's header and some bytes for objects, with the right SHA-1. */
function makePack(body: Uint8Array = Buffer.alloc(0), magic = "PACK"): Buffer {
  const head = Buffer.concat([Buffer.from(magic), Buffer.from([0, 0, 0, 2, 0, 0, 0, 1]), body]);
  return Buffer.concat([head, createHash("sha1").update(head).digest()]);
}

async function* toChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function read(...parts: readonly Uint8Array[]): Promise<string> {
  const lines = decodePktLines(toChunks(Buffer.concat(parts)));
  return Buffer.from(await readFetchResponse(lines)).toString("latin1");
}

function join(...parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString("latin1");
}

const NAK = data("NAK\n");
const FLUSH = Buffer.from("0000");

describe("readFetchResponse", () => {
  it("hands on the pack, without progress", async () => {
    const pack = makePack();
    const [first, second] = [pack.subarray(0, 7), pack.subarray(7)];

    const response = await read(NAK, band(1, first), band(2, "50%"), band(1, second), FLUSH);

    expect(response).toBe(join(NAK, band(1, first), band(1, second), FLUSH));
  });

  it("takes acknowledgements in their detailed form, and shallow lines", async () => {
    const preamble = [
      data(`shallow ${OID}`),
      FLUSH,
      data(`ACK ${OID} common\n`),
      data(`ACK ${OID} ready\n`),
      NAK,
      data(`ACK ${OID}\n`),
    ];
    const pack = band(1, makePack());

    expect(await read(...preamble, pack, FLUSH)).toBe(join(...preamble, pack, FLUSH));
  });

  it.each([
    ["an error band", [NAK, band(1, makePack()), band(3, "fatal: out of memory"), FLUSH], /out of memory/],
    ["an unknown band", [NAK, band(0, "?"), FLUSH], /band 1, 2 or 3/],
    ["no final flush", [NAK, band(1, makePack())], /final flush/],
    ["no pack", [NAK, FLUSH], /final flush/],
    ["no acknowledgement", [FLUSH], /ACK or NAK/],
    ["nothing", [], /ACK or NAK/],
    ["a pack before the acknowledgement", [band(1, makePack()), NAK, FLUSH], /ACK or NAK/],
    ["more after the flush", [NAK, band(1, makePack()), FLUSH, NAK], /nothing after/],
    ["a refusal", [data("ERR upload-pack: not our ref")], /not our ref/],
    ["half a pack", [NAK, band(1, makePack().subarray(0, 20)), FLUSH], /at least 32/],
    ["another trailer", [NAK, band(1, Buffer.concat([makePack(), Buffer.alloc(3)])), FLUSH], /SHA-1/],
    ["something that is no pack", [NAK, band(1, makePack(Buffer.alloc(9), "KCAP")), FLUSH], /version 2 or 3/],
    ["a cut line", [NAK, band(1, makePack()).subarray(0, 12)], /connection was cut/],
  ])("refuses %s", async (_name, parts, message) => {
    const outcome = read(...parts);

    await expect(outcome).rejects.toThrow(message);
    await expect(outcome).rejects.toMatchObject({ code: "ERR_GITSYNC_PROTOCOL" });
  });

  it("refuses every truncation and every flipped byte, or hands on the same pack", async () => {
    const pack = makePack(Buffer.from("objects"));
    const bytes = Buffer.concat([NAK, band(1, pack.subarray(0, 15)), band(1, pack.subarray(15)), FLUSH]);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 }), async (offset, flip) => {
        const broken = Buffer.from(flip === 0 ? bytes.subarray(0, offset) : bytes);
        broken[offset] = (bytes[offset] ?? 0) ^ flip;

        const outcome = await read(broken).catch((error: unknown) => error);

        const isRefused = outcome instanceof GitSyncError && outcome.code === "ERR_GITSYNC_PROTOCOL";
        // Another final newline or letter case of a length digit changes nothing that counts.
        expect(isRefused || String(outcome).includes(pack.toString("latin1", 15))).toBe(true);
      }),
    );
  });
});
