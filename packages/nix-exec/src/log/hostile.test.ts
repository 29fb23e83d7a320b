import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { formatRecord, readLogFixture } from "../../test/log-fixtures.ts";
import type { LogEvent } from "./event.ts";
import { parseLogLine } from "./parse-log-line.ts";

const MAX_LINE = 10 * 1024 * 1024;

const actions = fc.constantFrom("start", "stop", "result", "msg");
const types = fc.oneof(fc.integer({ min: 95, max: 120 }), fc.jsonValue());
const texts = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("\u001b[31m", "\u001b]8;;x\u0007", "\u001b\u001b[0m[31m", "\u0000\u0001", "\r\u009b31m"),
);
const fields = fc.array(fc.oneof(texts, fc.integer(), fc.jsonValue()));
/** Records that look like Nix's, with anything in any place. */
const records = fc.record(
  {
    action: actions,
    type: types,
    id: fc.oneof(fc.nat(), fc.jsonValue()),
    parent: fc.oneof(fc.nat(), fc.jsonValue()),
    level: fc.oneof(fc.nat(), fc.jsonValue()),
    text: fc.oneof(texts, fc.jsonValue()),
    msg: fc.oneof(texts, fc.jsonValue()),
    fields: fc.oneof(fields, fc.jsonValue()),
    payload: fc.oneof(
      fc.record({ path: fc.oneof(texts, fc.record({ drvPath: texts })), status: texts, errorMsg: texts }),
      fc.jsonValue(),
    ),
    sid: fc.jsonValue(),
  },
  { requiredKeys: ["action"] },
);
const lines = fc.oneof(
  records.map((record) => formatRecord(record)),
  records.map((record) => JSON.stringify(record)),
  fc.jsonValue().map((value) => `@nix ${JSON.stringify(value)}`),
  texts,
  texts.map((text) => `@nix ${text}`),
  fc.uint8Array().map((bytes) => new TextDecoder().decode(bytes)),
);

/** As the package's own: everything below space but tab and line feed, DEL, and the C1 block. */
// oxlint-disable-next-line no-control-regex -- control characters are what must not be there
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

/** All strings and numbers in an event. */
function leavesOf(value: unknown): readonly unknown[] {
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leavesOf) : [value];
}

function stop(id: bigint): LogEvent | undefined {
  return parseLogLine(`@nix {"action":"stop","id":${id}}`);
}

describe("parseLogLine with hostile lines", () => {
  it("gives no control characters and no numbers but whole ones", () => {
    fc.assert(
      fc.property(lines, (line) => {
        const leaves = leavesOf(parseLogLine(line));

        expect(leaves.filter((leaf) => CONTROL_CHARACTERS.test(String(leaf)))).toEqual([]);
        expect(
          leaves.filter((leaf) => typeof leaf === "number" && !(Number.isSafeInteger(leaf) && leaf >= 0)),
        ).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it("gives ids in decimal alone", () => {
    fc.assert(
      fc.property(lines, (line) => {
        const event = parseLogLine(line);
        const ids = event === undefined || !("id" in event) ? ["1"] : [event.id];

        expect(ids[0]).toMatch(/^(0|[1-9]\d{0,19})$/);
      }),
      { numRuns: 2000 },
    );
  });

  it("keeps any two ids apart, and each as it is", () => {
    const ids = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n });

    fc.assert(
      fc.property(ids, fc.integer({ min: -3, max: 3 }), fc.string(), (id, distance, text) => {
        const other = id + BigInt(distance);
        const line = `@nix {"text":${JSON.stringify(text)},"action":"stop","id": ${id} }`;

        expect(parseLogLine(line)).toEqual({ type: "stop", id: String(id) });
        fc.pre(distance !== 0 && other > 0n);
        expect(stop(other)).not.toEqual(stop(id));
      }),
    );
  });

  it("takes a truncated record for text", async () => {
    const recorded = await readLogFixture("nix-2.34.8-failures");

    fc.assert(
      fc.property(fc.constantFrom(...recorded), fc.double({ min: 0, max: 1, noNaN: true }), (line, part) => {
        const truncated = line.slice(0, Math.floor(part * (line.length - 1)));

        expect(parseLogLine(truncated)).toMatchObject({ type: "text" });
      }),
    );
  });

  it.each([
    ["text", "x".repeat(MAX_LINE)],
    ["open lists", `@nix ${"[".repeat(MAX_LINE)}`],
    ["nested lists", `@nix {"action":"x","fields":${"[".repeat(1e6)}${"]".repeat(1e6)}}`],
    ["ids", `@nix {"action":"x",${'"id":1,'.repeat(1e6)}"id":2}`],
    ["spaces after ids", `@nix {"id":1${" ".repeat(MAX_LINE)}`],
    ["backslashes", `@nix {"text":"${"\\\\".repeat(MAX_LINE / 2)}`],
    ["escapes", "\u001b[".repeat(MAX_LINE / 2)],
    ["an escape without end", `\u001b]${";a".repeat(MAX_LINE / 2)}`],
    ["addresses", "http://".repeat(MAX_LINE / 7)],
  ])("comes through 10 MiB of %s", (_, line) => {
    const event = parseLogLine(line);

    expect([undefined, "text"]).toContain(event?.type);
  });

  it("reads a log line of 10 MiB", () => {
    const line = formatRecord({ action: "result", type: 101, id: 1, fields: ["x".repeat(MAX_LINE)] });

    expect(leavesOf(parseLogLine(line)).map((leaf) => String(leaf).length)).toEqual([14, 1, MAX_LINE]);
  });
});
