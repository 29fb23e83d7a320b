import { describe, expect, it } from "vitest";

import { parseLogLine } from "./parse-log-line.ts";

const DRV = "/nix/store/00000000000000000000000000000000-dep.drv";

function record(value: object): string {
  return `@nix ${JSON.stringify(value)}`;
}

describe("parseLogLine", () => {
  it("keeps apart ids that a number would round together", () => {
    const lines = ["18014398509481984", "18014398509481985"].map((id) => `@nix {"action":"stop","id":${id}}`);

    expect(lines.map(parseLogLine)).toEqual([
      { type: "stop", id: "18014398509481984" },
      { type: "stop", id: "18014398509481985" },
    ]);
  });

  it("is not led astray by a log line that looks like an id", () => {
    const line = '{"id":12345678901234567890} \\"id\\":1';

    expect(parseLogLine(record({ action: "result", type: 101, id: 7, fields: [line] }))).toEqual({
      type: "build-log-line",
      id: "7",
      line,
    });
  });

  it("reads the start of a build", () => {
    const start = {
      action: "start",
      id: 5,
      parent: 4,
      level: 3,
      type: 105,
      text: "building",
      fields: [DRV, "", 1, 1],
    };

    expect(parseLogLine(record(start))).toEqual({
      type: "start",
      id: "5",
      parent: "4",
      level: 3,
      text: "building",
      activity: { type: "build", drvPath: DRV, machine: "" },
    });
  });

  it.each([
    [100, ["/s/a", "x", "y"], { type: "copy-path", storePath: "/s/a", from: "x", to: "y" }],
    [101, ["http://x"], { type: "file-transfer", uri: "http://x" }],
    [104, undefined, { type: "builds" }],
    [108, ["/s/a", "http://x"], { type: "substitute", storePath: "/s/a", substituter: "http://x" }],
    [111, undefined, { type: "build-waiting" }],
    [112, undefined, { type: "fetch-tree" }],
    [113, ["/src", 1], { type: "fetch-to-store", sourcePath: "/src" }],
    [9999, [], { type: "other" }],
  ])("reads an activity of type %i", (type, fields, activity) => {
    expect(
      parseLogLine(record({ action: "start", id: 1, parent: 0, level: 3, type, text: "", fields })),
    ).toEqual({
      type: "start",
      id: "1",
      level: 3,
      text: "",
      activity,
    });
  });

  it.each([
    [104, ["buildPhase"], { type: "phase", id: "1", phase: "buildPhase" }],
    [105, [1, 4, 2, 0], { type: "progress", id: "1", done: 1, expected: 4, running: 2, failed: 0 }],
    [106, [100, 8], { type: "expected", id: "1", activityType: "copy-path", expected: 8 }],
    [107, ["hook"], { type: "post-build-log-line", id: "1", line: "hook" }],
    [103, ["/s/a"], { type: "corrupted-path", id: "1", storePath: "/s/a" }],
    [109, ["/s/a"], { type: "fetched-to-store", id: "1", storePath: "/s/a" }],
    [109, [], undefined],
    [110, ["/s/a"], undefined],
    [4711, [], undefined],
  ])("reads a result of type %i", (type, fields, event) => {
    expect(parseLogLine(record({ action: "result", id: 1, type, fields }))).toEqual(event);
  });

  it("strips colors and binary from messages and log lines", () => {
    const message = { action: "msg", level: 0, msg: "\u001b[31;1merror:\u001b[0m x\u0001" };
    const line = { action: "result", id: 1, type: 101, fields: ["\u0001\u0000Error"] };

    expect(parseLogLine(record(message))).toEqual({ type: "message", level: 0, text: "error: x" });
    expect(parseLogLine(record(line))).toEqual({ type: "build-log-line", id: "1", line: "Error" });
  });

  it("passes on what is not from Nix, and broken records", () => {
    expect(parseLogLine("Connection to builder closed.")).toEqual({
      type: "text",
      text: "Connection to builder closed.",
    });
    expect(parseLogLine('@nix {"action":"sto')).toEqual({ type: "text", text: '@nix {"action":"sto' });
    expect(parseLogLine("@nix 7")).toEqual({ type: "text", text: "@nix 7" });
  });

  it("ignores an unknown action", () => {
    expect(parseLogLine(record({ action: "setPhase", phase: "x" }))).toBeUndefined();
  });

  it("ignores records without the id of an activity", () => {
    const ids = ["x", "-1", "007", "1.5", "184467440737095516150", "0", ""];

    expect(ids.map((id) => parseLogLine(record({ action: "stop", id })))).toEqual(ids.map(() => undefined));
    expect(parseLogLine('@nix {"action":"stop","id":1.5}')).toBeUndefined();
    expect(parseLogLine('@nix {"action":"start","type":105}')).toBeUndefined();
  });

  it("reads numbers below zero, of fractions and beyond 2^53 as 0", () => {
    const line = '@nix {"action":"result","id":1,"type":105,"fields":[-1,1.5,18446744073709551615,1e999]}';

    expect(parseLogLine(line)).toEqual({
      type: "progress",
      id: "1",
      done: 0,
      expected: 0,
      running: 0,
      failed: 0,
    });
  });

  it("reads a line of the file of json-log-path, and leaves other JSON as it is", () => {
    const foreign = '{"action":"deploy","id":7}';

    expect(parseLogLine('{"action":"stop","id":7}')).toEqual({ type: "stop", id: "7" });
    expect(parseLogLine(foreign)).toEqual({ type: "text", text: foreign });
    expect(parseLogLine('{"action":"sto')).toEqual({ type: "text", text: '{"action":"sto' });
  });

  it("hides the password of a substituter", () => {
    const fields = ["/s/a", "https://me:secret@cache.example.org"];
    const start = { action: "start", id: 1, level: 0, type: 108, text: "", fields };

    expect(parseLogLine(record(start))).toMatchObject({
      activity: { type: "substitute", substituter: "https://***@cache.example.org" },
    });
  });
});
